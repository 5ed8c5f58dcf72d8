/** The MAC of a neighbour, from the system's own table. Never sends a packet: a neighbour that has talked is in there. */
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { windowsProgram } from '#system/rules/windows-programs.ts';
import { runProgram } from '#system/run-program.ts';
import { macInTable } from './rules/neighbour-table.ts';
import { ipv4 } from './rules/networks.ts';

/** Where tables come from. Each resolves to text, empty when there is none; never rejects. */
export interface TableSource {
	/** Node's `process.platform`. */
	platform: string;
	read(file: string): Promise<string>;
	run(file: string, args: readonly string[]): Promise<string>;
}

const LIMIT_MS = 2000;
/** A table is read again at the earliest after this long: a file costs little, a program a process. */
const FILE_MS = 50;
const PROGRAM_MS = 1000;

/** The running system. No shell, no name look-ups (`arp` without -n may take 15 s for them). */
export function systemTables(): TableSource {
	return {
		platform: process.platform,
		read: (file) => readFile(file, 'utf8').catch(() => ''),
		run: async (file, args) => (await runProgram(file, args, LIMIT_MS)).stdout,
	};
}

/**
 * Looks an address up; resolves to its MAC, lower case with colons, or to nothing. Each source is read once for all who ask
 * at a time, and not again for a moment: who is not found in what was just read waits for the next reading, since a packet
 * may be seen a little before its sender is in the table. So a flood of addresses is a process a second, and nobody is missed.
 */
export function neighbourLookup(
	source: TableSource = systemTables(),
	pause: (ms: number) => Promise<unknown> = restWithout,
): (address: string) => Promise<string | undefined> {
	const tables = tablesOf(source).map(({ read, everyMs }) => sharedTable(read, () => pause(everyMs)));
	return async (address) => {
		if (ipv4(address) === undefined) return undefined;
		for (const table of tables) {
			const mac = macInTable(await table.recent(), address) ?? macInTable(await table.next(), address);
			if (mac !== undefined) return mac;
		}
		return undefined;
	};
}

/** Does not keep a program alive that has nothing else to do. */
const restWithout = (ms: number) => setTimeout(ms, undefined, { ref: false });

interface SharedTable {
	/** The reading of this moment, whether it is under way or done; empty when there is none. */
	recent(): Promise<string>;
	/** The next one, which begins after this call and is shared with all who wait for it. */
	next(): Promise<string>;
}

function sharedTable(read: () => Promise<string>, pause: () => Promise<unknown>): SharedTable {
	const none = Promise.resolve('');
	let recent = none;
	let next: Promise<string> | undefined;
	let rested: Promise<unknown> = none;
	const begin = () => {
		next = undefined;
		recent = read();
		rested = Promise.all([recent, pause()]).then(() => {
			recent = none;
		});
		return recent;
	};
	return {
		recent: () => recent,
		next: () => {
			next ??= rested.then(begin);
			return next;
		},
	};
}

function tablesOf({ platform, read, run }: TableSource): { read: () => Promise<string>; everyMs: number }[] {
	/** The first of these files that says anything. */
	const program = (files: readonly string[], ...args: string[]) => ({
		read: async () => {
			for (const file of files) {
				const text = await run(file, args);
				if (text !== '') return text;
			}
			return '';
		},
		everyMs: PROGRAM_MS,
	});
	if (platform === 'win32') return [program([windowsProgram('arp', process.env)], '-a')];
	if (platform === 'linux') return [{ read: () => read('/proc/net/arp'), everyMs: FILE_MS }, program(['ip'], '-4', 'neigh', 'show')];
	return [program(['/usr/sbin/arp', 'arp'], '-an')];
}
