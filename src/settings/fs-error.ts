/** What the file system refuses, as our error. */

import { errnoOf, whyOf } from '#base/errors.ts';
import { CanonWifiError } from '#contract/errors.ts';

/** Runs `work`; what the file system refuses becomes `settingsUnwritable` of this file. */
export function withFile<T>(file: string, work: () => T): T {
	try {
		return work();
	} catch (error) {
		if (error instanceof CanonWifiError || errnoOf(error) === undefined) throw error;
		throw new CanonWifiError('settingsUnwritable', { file, why: whyOf(error) }, { cause: error });
	}
}
