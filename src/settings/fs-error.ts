/** Turns errors of the file system into errors of the catalogue. */

import { errnoOf, whyOf } from '#base/errors.ts';
import { CanonWifiError } from '#contract/errors.ts';

/** Runs `work` and turns errors of the file system into `settingsUnwritable` for this file. */
export function withFile<T>(file: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof CanonWifiError || errnoOf(error) === undefined) throw error;
		throw new CanonWifiError('settingsUnwritable', { file, why: whyOf(error) }, { cause: error });
	}
}
