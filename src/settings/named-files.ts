/** Reads and writes files that a person names on the command line: imports and exports. */
import fs from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { errnoOf, whyOf } from '#base/errors.ts';
import { CanonWifiError } from '#contract/errors.ts';

/** Longest accepted import in bytes: 1 MiB. */
const MOST_BYTES = 1_048_576;

/** Returns the functions that read imports (`-`: standard input) and write exports. Both reject with errors of the catalogue. */
export function namedFiles(stdin: Readable) {
	return {
		async read(file: string): Promise<string> {
			try {
				if (file === '-') return await text(stdin);
				const { size } = await fs.promises.stat(file);
				if (size > MOST_BYTES) throw new CanonWifiError('badImport', { file, why: 'it is too long for that' });
				return await fs.promises.readFile(file, 'utf8');
			} catch (error) {
				if (error instanceof CanonWifiError) throw error;
				throw new CanonWifiError(
					'badImport',
					{ file, why: errnoOf(error) === 'ENOENT' ? 'there is no such file' : whyOf(error) },
					{ cause: error },
				);
			}
		},

		async write(file: string, content: string, force: boolean): Promise<void> {
			try {
				await fs.promises.writeFile(file, content, { flag: force ? 'w' : 'wx', mode: 0o600 });
			} catch (error) {
				if (errnoOf(error) === 'EEXIST')
					throw new CanonWifiError('usage', {
						problem: `${file} is there already.`,
						next: 'Use --force to overwrite it, or another name.',
					});
				throw new CanonWifiError(
					'settingsUnwritable',
					{ file, why: errnoOf(error) === 'ENOENT' ? 'its folder does not exist' : whyOf(error) },
					{ cause: error },
				);
			}
		},
	};
}
