/**
 * The running holds of this user. Each writes a small file with its process id and the path of a socket in the file system (a
 * named pipe on Windows), in a folder that belongs to the user. Whoever connects gets the status; nothing is read.
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

/** Prefix of the folder for a socket. */
const SOCKET_FOLDER = 'canon-wifi-hold-';
/** A hold that does not send its status within this time is not used, in milliseconds. */
const ANSWER_MS = 1000;
/** A longer folder name leaves no room for the socket's path, which may have 104 bytes on macOS and 108 on Linux. */
const LONGEST_FOLDER = 70;
/** A longer status is not accepted, in bytes. */
const STATUS_BYTES = 1024 * 1024;

/** What a hold's file contains. */
interface Mark {
	pid: number;
	socket: string;
}

/** Creates the registry of the holds whose files are in `folder`, an absolute path. The folder is created when a hold is announced. */
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
	// A connection that stays open must not keep others out for long.
	server.maxConnections = 16;
	let socketFolder: string | undefined;
	const close = async () => {
		await rm(file, { force: true }).catch(() => {});
		server.close();
		if (socketFolder !== undefined) await rm(socketFolder, { recursive: true, force: true }).catch(() => {});
	};
	try {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		if (platform !== 'win32') socketFolder = await makeSocketFolder(folder);
		const socket = socketFolder === undefined ? `\\\\.\\pipe\\canon-wifi-hold-${randomUUID()}` : join(socketFolder, 'status');
		await listening(server, socket);
		// The folder is already private to this user; not every file system supports modes of sockets.
		if (socketFolder !== undefined) await chmod(socket, 0o600).catch(() => {});
		await writeFile(file, `${JSON.stringify({ v: 1, pid: process.pid, socket } satisfies Mark & { v: 1 })}\n`, { mode: 0o600 });
	} catch {
		await close(); // a hold works without being found
	}
	return { close };
}

/** Makes a folder for the socket: in the system's temporary folder, else beside the hold's file. */
async function makeSocketFolder(marks: string): Promise<string> {
	const temporary = tmpdir();
	if (temporary.length <= LONGEST_FOLDER)
		try {
			return await mkdtemp(join(temporary, SOCKET_FOLDER));
		} catch {
			// The temporary folder is missing or not writable.
		}
	return mkdtemp(join(marks, SOCKET_FOLDER));
}

async function listening(server: Server, path: string): Promise<void> {
	const done = once(server, 'listening');
	server.on('error', () => {});
	server.listen(path);
	await done;
	server.unref();
}

/** Reads the status of the hold that a file names. Returns undefined when the hold is dead, and removes the file. */
async function look(file: string): Promise<HoldStatus | undefined> {
	const mark = readMark(await readFile(file, 'utf8').catch(() => ''));
	const status = mark === undefined ? undefined : await ask(mark.socket);
	if (typeof status === 'object' && status.pid === mark?.pid) return status;
	if (status === 'silent') return undefined;
	await rm(file, { force: true }).catch(() => {});
	if (mark !== undefined) await removeSocket(mark.socket);
	return undefined;
}

/** Removes a dead hold's socket and its folder, if the folder's name is one of ours. */
async function removeSocket(socket: string): Promise<void> {
	const socketFolder = dirname(socket);
	if (!basename(socketFolder).startsWith(SOCKET_FOLDER)) return;
	await rm(socket, { force: true }).catch(() => {});
	await rmdir(socketFolder).catch(() => {});
}

function readMark(text: string): Mark | undefined {
	try {
		const { pid, socket } = JSON.parse(text) as Partial<Mark>;
		return typeof pid === 'number' && typeof socket === 'string' ? { pid, socket } : undefined;
	} catch {
		return undefined;
	}
}

/** Asks a hold for its status. `silent`: a process answers, but not with a status. Undefined: no process answers. */
function ask(socket: string): Promise<HoldStatus | 'silent' | undefined> {
	return new Promise((resolve) => {
		const connection = connect(socket);
		let text = '';
		let connected = false;
		const nothing = () => done(connected ? 'silent' : undefined);
		const done = (found: HoldStatus | 'silent' | undefined) => {
			clearTimeout(limit);
			connection.destroy();
			resolve(found);
		};
		const limit = setTimeout(() => done('silent'), ANSWER_MS);
		connection.setEncoding('utf8');
		connection.on('connect', () => {
			connected = true;
		});
		connection.on('data', (piece: string) => {
			text += piece;
			if (text.length > STATUS_BYTES) nothing();
		});
		connection.on('error', nothing);
		// A busy hold closes the connection without an answer.
		connection.on('end', () => done(readStatus(text) ?? 'silent'));
	});
}
