/** `ls`: what is in a folder of the card. */

import { SIZE_BEYOND_32_BITS } from '#protocol/ptp/datasets.ts';
import { parsePtpDate } from '#protocol/ptp/dates.ts';
import { type CardObject, walk } from '#transfer/card.ts';
import type { Catalogue } from '#transfer/catalogue/catalogue.ts';
import { hasWildcard, leadsTo, selection, selectsItself } from '#transfer/rules/selection.ts';
import type { CommandOutput } from './output.ts';

/** Prints a folder's objects, or those that the path means; 1 when there is nothing of that name, or not everything could be read. */
export async function listCard(
	catalogue: Catalogue,
	path: string | undefined,
	output: CommandOutput,
	signal: AbortSignal,
): Promise<number> {
	const wanted = selection(path ?? '/');
	let found = wanted.parts.length === 0;
	/** Folders that the path names: what is directly in them is shown. */
	const shown = new Set<string>(found ? [''] : []);
	const enters = (folder: readonly string[]) =>
		shown.has(key(folder)) || (!shown.has(key(folder.slice(0, -1))) && leadsTo(wanted, folder) && !isDone(folder));
	const isDone = (folder: readonly string[]) => !wanted.anywhere && folder.length >= wanted.parts.length;
	let whole = true;
	const leftOut = (why: string) => {
		whole = false;
		output.err(`ls: ${why}`);
	};
	for await (const object of walk(catalogue, { enters, leftOut }, signal)) {
		if (shown.has(key(object.path.slice(0, -1))))
			output.out(line(object, wanted.anywhere || shown.size > 1 ? object.path.join('/') : object.path.at(-1)));
		else if (selectsItself(wanted, object.path)) {
			found = true;
			// A pattern means the names themselves; a plain name of a folder means what is in it.
			if (object.folder && !hasWildcard(wanted.text)) shown.add(key(object.path));
			else output.out(line(object, object.path.join('/')));
		}
	}
	if (found) return whole ? 0 : 1;
	output.err(`ls: there is no "${path}" on the camera.`);
	return 1;
}

const key = (path: readonly string[]): string => path.join('/').toLowerCase();

/** Size in bytes, the camera's date, the name. Folders have neither size nor, often, a date. */
function line({ folder, info }: CardObject, name = ''): string {
	const size = folder ? '-' : info.size === SIZE_BEYOND_32_BITS ? '>4 GiB' : String(info.size);
	const time = parsePtpDate(info.modificationDate) ?? parsePtpDate(info.captureDate);
	const two = (n: number) => String(n).padStart(2, '0');
	const date = time === undefined ? '' : `${time.year}-${two(time.month)}-${two(time.day)} ${two(time.hour)}:${two(time.minute)}`;
	return `${size.padStart(11)}  ${date.padEnd(16)}  ${name}${folder ? '/' : ''}`;
}
