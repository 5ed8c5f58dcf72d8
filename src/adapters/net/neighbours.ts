/** The MAC of a neighbour, from the system's own table. Never sends a packet: a neighbour that has talked is in there. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { macInTable } from '../../core/neighbour-table.ts';
import { ipv4 } from '../../core/networks.ts';

/** Where tables come from. Each resolves to text, empty when there is none; never rejects. */
export interface TableSource {
	/** Node's `process.platform`. */
	platform: string;
	read(file: string): Promise<string>;
	run(file: string, args: readonly string[]): Promise<string>;
}

const LIMIT_MS = 2000;

/** The running system. No shell, no name look-ups (`arp` without -n may take 15 s for them). */
export function systemTables(): TableSource {
	return {
		platform: process.platform,
		read: (file) => readFile(file, 'utf8').catch(() => ''),
		run: (file, args) =>
			new Promise((resolve) => {
				const options = { timeout: LIMIT_MS, maxBuffer: 1 << 20, windowsHide: true, killSignal: 'SIGKILL' } as const;
				execFile(file, args, options, (_error, stdout) => resolve(stdout));
			}),
	};
}

/** Looks an address up; resolves to its MAC, lower case with colons, or to nothing. */
export function neighbourLookup(source: TableSource = systemTables()): (address: string) => Promise<string | undefined> {
	return async (address) => {
		if (ipv4(address) === undefined) return undefined;
		for (const table of tables(source, address)) {
			const mac = macInTable(await table(), address);
			if (mac !== undefined) return mac;
		}
		return undefined;
	};
}

function tables({ platform, read, run }: TableSource, address: string): (() => Promise<string>)[] {
	if (platform === 'win32') return [() => run(`${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\arp.exe`, ['-a', address])];
	if (platform === 'linux')
		return [
			() => read('/proc/net/arp'),
			() => run('ip', ['-4', 'neigh', 'show', address]),
			() => run('/usr/sbin/ip', ['-4', 'neigh', 'show', address]), // not on every user's PATH
		];
	return [() => run('/usr/sbin/arp', ['-an']), () => run('arp', ['-an'])];
}
