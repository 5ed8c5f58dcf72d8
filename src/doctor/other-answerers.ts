/** Finds other canon-wifi processes that answer cameras on the same address. On Linux this only reads a few files of /proc. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '#system/run-program.ts';
import { portHolders } from './holders.ts';
import { answersCameras, readProcNet } from './rules/holders.ts';

/** Resolves to their process ids; to none if the system does not tell. `own` is the id of this process. */
export async function otherAnswerers(
	{ address, port }: { address: string; port: number },
	{ own = process.pid, proc = '/proc', platform = process.platform as string, run = runProgram } = {},
): Promise<number[]> {
	if (platform !== 'linux') {
		const { holders } = await portHolders('udp', port, platform, run);
		const others = holders.filter((holder) => holder.answersCameras && holder.address === address).map(({ pid }) => pid);
		return [...new Set(others)].flatMap((pid) => (pid === null || pid === own ? [] : [pid]));
	}
	const sockets = readProcNet(await textOf(path.join(proc, 'net', 'udp')));
	const here = sockets.filter((socket) => socket.port === port && socket.address === address).map(({ inode }) => `socket:[${inode}]`);
	if (here.length < 2) return []; // one of them is our own
	const processes = (await readdir(proc)).filter((name) => /^\d+$/.test(name) && Number(name) !== own);
	const found = await Promise.all(processes.map(async (name) => ((await answersThere(path.join(proc, name), here)) ? [Number(name)] : [])));
	return found.flat();
}

async function answersThere(folder: string, sockets: readonly string[]): Promise<boolean> {
	if (!answersCameras((await textOf(path.join(folder, 'cmdline'))).split('\0'))) return false;
	try {
		const open = await readdir(path.join(folder, 'fd'));
		const links = await Promise.all(open.map((fd) => readlink(path.join(folder, 'fd', fd)).catch(() => '')));
		return links.some((link) => sockets.includes(link));
	} catch {
		return true; // another user's process: its open files are hidden, but some process has that socket
	}
}

/** Resolves to the text of a file; empty if the file is gone or may not be read. */
const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
