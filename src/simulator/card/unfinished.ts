/** Names of files that are still being uploaded. They have a temporary name until they are complete and are never listed. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '#base/process-alive.ts';

const PREFIX = '.canon-wifi-';
let made = 0;

/** Returns an unused name that contains the process id, so that leftovers of a killed run can be recognised. */
export function unfinishedName(): string {
	made++;
	return `${PREFIX}${process.pid}-${made}`;
}

/** Whether this is the temporary name of an upload. */
export function isUnfinished(name: string): boolean {
	return name.startsWith(PREFIX);
}

/** Deletes what killed runs have left in a folder. Names consist of `prefix`, process id, `-` and a rest. */
export async function sweep(folder: string, prefix: string = PREFIX): Promise<void> {
	for (const name of await readdir(folder, { encoding: 'latin1' }).catch(() => [])) {
		const pid = name.startsWith(prefix) ? /^(\d+)-/.exec(name.slice(prefix.length))?.[1] : undefined;
		if (pid === undefined || isAlive(Number(pid))) continue;
		await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
	}
}
