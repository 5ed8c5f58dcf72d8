/**
 * Running holds, known by a small file each: its process and where it answers. That is a socket of the file system (a
 * named pipe on Windows) in a folder of the user's own; whoever connects is told the status and nothing is read.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Open } from '#base/clock.ts';
import { type HoldStatus, readStatus } from '#contract/hold-status.ts';
import type { HoldRegistry } from './ports.ts';

/** How the folder of a socket begins. */
const ROOM = 'canon-wifi-hold-';
/** A hold that does not tell its status within this is not used, in milliseconds. */
const ANSWER_MS = 1000;
/** Longer names of folders leave no room for the socket's path: 104 bytes on macOS, 108 on Linux. */
const LONGEST_PLACE = 70;
/** Longest status that is believed, in bytes. */
const STATUS_BYTES = 1024 * 1024;

interface Mark {
	pid: number;
	socket: string;
}

/** The holds whose files are in `folder` (absolute; made when one is announced). */
export function holdRegistry(folder: string, platform: NodeJS.Platform = process.platform): HoldRegistry {
	return {
		announce: (status) => announce(folder, platform, status),
		async list() {
			const names = await readdir(folder).catch(() => []);
			const found = await Promise.all(names.filter((name) => name.endsWith('.json')).map((name) => look(join(folder, name))));
			return found.filter((one) => one !== undefined).sort((a, b) => b.age - a.age);
		},
	};
}

async function announce(folder: string, platform: NodeJS.Platform, status: () => HoldStatus): Promise<Open> {
	const file = join(folder, `${process.pid}.json`);
	const server = createServer((connection) => {
		connection.on('error', () => {});
		connection.setTimeout(ANSWER_MS, () => connection.destroy());
		connection.end(`${JSON.stringify(status())}\n`);
		connection.resume();
	});
	// Somebody who connects and stays must not keep others out for long.
	server.maxConnections = 16;
	let room: string | undefined;
	const close = async () => {
		await rm(file, { force: true }).catch(() => {});
		server.close();
		if (room !== undefined) await rm(room, { recursive: true, force: true }).catch(() => {});
	};
	try {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		if (platform !== 'win32') room = await place(folder);
		const socket = room === undefined ? `\\\\.\\pipe\\canon-wifi-hold-${randomUUID()}` : join(room, 'status');
		await listening(server, socket);
		// The folder is this user's alone already; not every file system gives modes to sockets.
		if (room !== undefined) await chmod(socket, 0o600).catch(() => {});
		await writeFile(file, `${JSON.stringify({ v: 1, pid: process.pid, socket } satisfies Mark & { v: 1 })}\n`, { mode: 0o600 });
	} catch {
		await close(); // it holds as well without being found
	}
	return { close };
}

/** A folder of our own for the socket: in the system's place for temporary files, else beside the marks. */
async function place(marks: string): Promise<string> {
	const temporary = tmpdir();
	if (temporary.length <= LONGEST_PLACE)
		try {
			return await mkdtemp(join(temporary, ROOM));
		} catch {
			// It is not there, or cannot be written.
		}
	return mkdtemp(join(marks, ROOM));
}

async function listening(server: Server, path: string): Promise<void> {
	const done = once(server, 'listening');
	server.on('error', () => {});
	server.listen(path);
	await done;
	server.unref();
}

/** The hold that a file speaks of; nothing when it is dead, and then the file is removed. */
async function look(file: string): Promise<HoldStatus | undefined> {
	const mark = readMark(await readFile(file, 'utf8').catch(() => ''));
	const status = mark === undefined ? undefined : await ask(mark.socket);
	if (typeof status === 'object' && status.pid === mark?.pid) return status;
	if (status === 'silent') return undefined;
	await rm(file, { force: true }).catch(() => {});
	if (mark !== undefined) await removeSocket(mark.socket);
	return undefined;
}

/** A dead hold's socket with the folder made for it; nothing that does not look like one. */
async function removeSocket(socket: string): Promise<void> {
	const room = dirname(socket);
	if (!basename(room).startsWith(ROOM)) return;
	await rm(socket, { force: true }).catch(() => {});
	await rmdir(room).catch(() => {});
}

function readMark(text: string): Mark | undefined {
	try {
		const { pid, socket } = JSON.parse(text) as Partial<Mark>;
		return typeof pid === 'number' && typeof socket === 'string' ? { pid, socket } : undefined;
	} catch {
		return undefined;
	}
}

/** What the hold says; `silent` when somebody is there but says nothing that can be read; nothing when nobody is. */
function ask(socket: string): Promise<HoldStatus | 'silent' | undefined> {
	return new Promise((resolve) => {
		const connection = connect(socket);
		let text = '';
		let met = false;
		const nothing = () => done(met ? 'silent' : undefined);
		const done = (found: HoldStatus | 'silent' | undefined) => {
			clearTimeout(limit);
			connection.destroy();
			resolve(found);
		};
		const limit = setTimeout(() => done('silent'), ANSWER_MS);
		connection.setEncoding('utf8');
		connection.on('connect', () => {
			met = true;
		});
		connection.on('data', (piece: string) => {
			text += piece;
			if (text.length > STATUS_BYTES) nothing();
		});
		connection.on('error', nothing);
		// One that has its hands full closes without a word.
		connection.on('end', () => done(readStatus(text) ?? 'silent'));
	});
}
