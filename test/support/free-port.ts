/**
 * Free ports for programs that cannot be told to take any. They lie below the range from which systems take ports for outgoing
 * connections, so that no other program gets one by chance, and each is reserved for this process until it ends.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file for each reserved port, with the process that has it. All tests on this computer share the folder. */
const RESERVED = join(tmpdir(), 'canon-wifi-test-ports');
/** So many ports below the ephemeral range are used. */
const SPAN = 10_000;

/** Where the system's own choice of ports begins. */
export function ephemeralStart(): number {
	try {
		return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]);
	} catch {
		return 32_768; // other systems begin at 49152 (IANA) or 32768
	}
}

const mine = new Set<string>();
process.once('exit', () => {
	for (const file of mine) rmSync(file, { force: true });
});

/** Reserves a port on which nothing listens, by TCP or UDP. */
export async function freePort(): Promise<number> {
	mkdirSync(RESERVED, { recursive: true });
	const end = ephemeralStart();
	for (;;) {
		const port = end - 1 - Math.floor(Math.random() * SPAN);
		if (reserve(port) && (await isFree(port))) return port;
	}
}

function reserve(port: number): boolean {
	const file = join(RESERVED, String(port));
	try {
		writeSync(openSync(file, 'wx'), String(process.pid));
		mine.add(file);
		return true;
	} catch {
		// What a killed run has left is removed, and may be taken the next time.
		if (!isAlive(Number(textOf(file)))) rmSync(file, { force: true });
		return false;
	}
}

function textOf(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}

/** A file that is still empty is just being written. */
function isAlive(pid: number): boolean {
	if (pid === 0) return true;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	const socket = createSocket('udp4');
	try {
		const listening = Promise.all([once(server, 'listening'), once(socket, 'listening')]);
		server.listen(port);
		socket.bind({ port, exclusive: true });
		await listening;
		return true;
	} catch {
		return false;
	} finally {
		server.close();
		socket.close();
	}
}
