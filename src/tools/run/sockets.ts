/**
 * What Linux knows of a tool's connections to the camera, for what the tool does not say: that it has them, and that it
 * waits on one of them. All of it is read from /proc (proc(5)); no packet is sent and the tool is not disturbed.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { endianness } from 'node:os';
import { receivedInSs } from '../rules/evidence.ts';
import { tree } from './processes.ts';
import { askSystem } from './system-program.ts';

/** A tool's connections to the camera. */
export interface Connections {
	/** Established connections to the camera. PTP/IP has two: the second is opened when the first was accepted. */
	readonly open: number;
	/**
	 * Told apart by what it is: the process that waits for bytes on such a connection, since when it last woke. The same
	 * text again means that it has been waiting all the while. Absent: none waits there, or the system does not say.
	 */
	readonly waiting?: string;
}

/**
 * The most bytes that `root`, or a descendant of it, has received on one connection to the camera. Nothing where the program
 * `ss` is missing or too old to say.
 */
export async function receivedBy(root: number, address: string, port: number): Promise<number | undefined> {
	const said = await askSystem('ss', ['-tine', 'dst', `${address}:${port}`]).catch(() => '');
	if (!said.includes('bytes_received:')) return undefined;
	const received = receivedInSs(said);
	const all = new Set(received.keys());
	let most = 0;
	for (const pid of await tree(root, 'linux'))
		for (const inode of (await socketsAmong(pid, all)).values()) most = Math.max(most, received.get(inode) ?? 0);
	return most;
}

/** Of the process `root` and all that descend from it. */
export async function connectionsOf(root: number, address: string, port: number): Promise<Connections> {
	const inodes = establishedTo(await readFile('/proc/net/tcp', 'latin1').catch(() => ''), address, port);
	if (inodes.size === 0) return { open: 0 };
	let open = 0;
	let waiting: string | undefined;
	for (const pid of await tree(root, 'linux')) {
		const mine = await socketsAmong(pid, inodes);
		open += mine.size;
		if (mine.size > 0) waiting ??= await waitsOn(pid, new Set(mine.keys()));
	}
	return waiting === undefined ? { open } : { open, waiting };
}

/** Established, in the kernel's numbering. */
const ESTABLISHED = '01';

/** Inodes of the established connections to an address, from the text of /proc/net/tcp. */
export function establishedTo(table: string, address: string, port: number, order: 'LE' | 'BE' = endianness()): Set<string> {
	const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
	const host = (order === 'LE' ? bytes.reverse() : bytes).join('');
	const remote = `${host}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
	const inodes = new Set<string>();
	for (const line of table.split('\n')) {
		const [, , to, state, , , , , , inode] = line.trim().split(/\s+/);
		if (to === remote && state === ESTABLISHED && inode !== undefined) inodes.add(inode);
	}
	return inodes;
}

/** File descriptors of a process that are one of these sockets, and which one. */
async function socketsAmong(pid: number, inodes: ReadonlySet<string>): Promise<Map<number, string>> {
	const found = new Map<number, string>();
	for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
		const inode = /^socket:\[(\d+)\]$/.exec(await readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''))?.[1];
		if (inode !== undefined && inodes.has(inode)) found.set(Number(fd), inode);
	}
	return found;
}

/** A process that sleeps in a system call whose first argument is one of these descriptors: recv, read, send or write. */
async function waitsOn(pid: number, descriptors: ReadonlySet<number>): Promise<string | undefined> {
	const [call, status] = await Promise.all(['syscall', 'status'].map((file) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')));
	const [, number, first] = /^(\d+) 0x([0-9a-f]+) /.exec(call ?? '') ?? [];
	if (number === undefined || first === undefined || !descriptors.has(Number.parseInt(first, 16))) return undefined;
	const woken = /^voluntary_ctxt_switches:\s*(\d+)/m.exec(status ?? '')?.[1];
	return woken === undefined ? undefined : `${pid} ${number} ${first} ${woken}`;
}
