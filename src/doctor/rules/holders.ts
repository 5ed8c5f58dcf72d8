/** Reads which programs have a port open, from the output of each system. */
import type { Holder } from './facts.ts';

/** The commands of canon-wifi that answer cameras. */
const ANSWERING = ['pair', 'connect', 'hold', 'serve'];

/** Whether a command line (`/proc/N/cmdline`, split into words) is that of a canon-wifi that answers cameras. */
export function answersCameras(argv: readonly string[]): boolean {
	const own = argv.findIndex((word) => /(?:^|[\\/])canon-wifi(?:\.mjs)?$/.test(word));
	if (own < 0 || own > 4) return false; // an interpreter and a few of its options may come first
	const end = argv.indexOf('--', own);
	return argv.slice(own + 1, end < 0 ? undefined : end).some((word) => ANSWERING.includes(word));
}

/** One socket of `/proc/net/udp`, `udp6`, `tcp` or `tcp6`. */
export interface ProcSocket {
	address: string;
	port: number;
	inode: string;
	/** TCP: 0x0a listens. */
	state: number;
}

/** Reads the sockets of one of those files. Addresses are hexadecimal words in the machine's byte order, little-endian here. */
export function readProcNet(text: string): ProcSocket[] {
	return text.split('\n').flatMap((line) => {
		const columns = line.trim().split(/\s+/);
		const local = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(columns[1] ?? '');
		const inode = columns[9];
		if (!local || inode === undefined) return [];
		const [, address = '', port = ''] = local;
		return [{ address: hexAddress(address), port: Number.parseInt(port, 16), inode, state: Number.parseInt(columns[3] ?? '', 16) }];
	});
}

function hexAddress(hex: string): string {
	const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)));
	if (bytes.length === 4) return bytes.join('.');
	if (bytes.every((byte) => byte === 0)) return '::';
	if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255) return bytes.slice(12).join('.');
	return Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)).toString(16)).join(':');
}

/** Reads `lsof -nP -F pcn -iUDP:1900`, whose lines begin with p (process), c (its name) or n (address). */
export function readLsof(text: string): Holder[] {
	const holders: Holder[] = [];
	let pid: number | null = null;
	let program: string | null = null;
	for (const line of text.split('\n')) {
		const value = line.slice(1);
		if (line.startsWith('p')) [pid, program] = [Number(value), null];
		else if (line.startsWith('c')) program = value;
		else if (line.startsWith('n'))
			holders.push({
				pid,
				program,
				address: value
					.replace(/:\d+(?:->.*)?$/, '')
					.replace(/^\*$/, '0.0.0.0')
					.replace(/^\[(.*)\]$/, '$1'),
			});
	}
	return holders;
}

/** Reads `netstat -ano -p udp` or `-p tcp` on Windows. Its headings are translated, but its columns are always the same. */
export function readNetstat(text: string, protocol: 'udp' | 'tcp', port: number): Holder[] {
	return text.split(/\r?\n/).flatMap((line) => {
		const columns = line.trim().split(/\s+/);
		const local = /^(.*):(\d+)$/.exec(columns[1] ?? '');
		if (columns[0]?.toLowerCase() !== protocol || !local || Number(local[2]) !== port) return [];
		if (protocol === 'tcp' && !/:0$/.test(columns[2] ?? '')) return []; // a connection; a listening socket has no other side
		const pid = /^\d+$/.exec(columns.at(-1) ?? '')?.[0];
		return [{ pid: pid === undefined ? null : Number(pid), program: null, address: (local[1] ?? '').replace(/^\[(.*)\]$/, '$1') }];
	});
}

/** Returns the program's name from `tasklist /FI "PID eq N" /FO CSV /NH`, or `undefined`. */
export function readTasklist(text: string): string | undefined {
	return /^"([^"]+)","\d+"/m.exec(text)?.[1];
}

/** Splits a command line as Windows (`CommandLine` of a process) and `ps -o command=` show it: at spaces, but not inside quotes. */
export function wordsOfCommandLine(line: string): string[] {
	return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}
