/** Looks up the MAC of a neighbour in the system's own table. Never sends a packet: a neighbour that has sent one is in the table. */
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { windowsProgram } from '#system/rules/windows-programs.ts';
import { runProgram } from '#system/run-program.ts';
import { macInTable } from './rules/neighbour-table.ts';
import { ipv4 } from './rules/networks.ts';

/** Where tables come from. Both functions resolve to text, empty if there is none, and never reject. */
export interface TableSource {
	/** Node's `process.platform`. */
	platform: string;
	read(file: string): Promise<string>;
	run(file: string, args: readonly string[]): Promise<string>;
}

const LIMIT_MS = 2000;
/** Shortest time between two readings of a table. Reading a file is cheap; a program costs a process. */
const FILE_MS = 50;
const PROGRAM_MS = 1000;

/** The tables of the running system. Names are not looked up: `arp` without -n may take 15 s for that. */
export function systemTables(): TableSource {
	return {
		platform: process.platform,
		read: (file) => readFile(file, 'utf8').catch(() => ''),
		run: async (file, args) => (await runProgram(file, args, LIMIT_MS)).stdout,
	};
}

/**
 * Returns a function that resolves to the MAC of an address, in lower case with colons, or to `undefined`. Callers at the
 * same time share one reading of each table, and a table is not read again for a moment. If an address is missing from the
 * latest reading, the caller waits for the next one, because a packet may arrive a little before its sender is in the table.
 * So even a flood of addresses starts only one process a second, and no neighbour is missed.
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

/** A pause that does not keep the program running. */
const restWithout = (ms: number) => setTimeout(ms, undefined, { ref: false });

interface SharedTable {
	/** The latest reading, under way or done; empty if there is none. */
	recent(): Promise<string>;
	/** The next reading, which begins after this call and is shared by all who wait for it. */
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
	/** Reads the output of the first of these programs that prints anything. */
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
