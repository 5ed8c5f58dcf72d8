/** Files that are on their way to the card: under a name of their own until they are whole, and never listed. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '#base/process-alive.ts';

const PREFIX = '.canon-wifi-';
let made = 0;

/** A name that nothing on the card has. It tells whose it is, so that what a killed run left can be known. */
export function unfinishedName(): string {
	made++;
	return `${PREFIX}${process.pid}-${made}`;
}

/** Whether a file of this name is not on the card yet. */
export function isUnfinished(name: string): boolean {
	return name.startsWith(PREFIX);
}

/** Takes away what runs that were killed have left in this folder; names are `prefix`, process id, `-`, rest. */
export async function sweep(folder: string, prefix: string = PREFIX): Promise<void> {
	for (const name of await readdir(folder, { encoding: 'latin1' }).catch(() => [])) {
		const pid = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : undefined;
		if (pid === undefined || isAlive(Number(pid))) continue;
		await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
	}
}
