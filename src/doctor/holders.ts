/** Finds the programs that have a port open on this computer. */
import fs from 'node:fs';
import path from 'node:path';
import type { RunProgram } from '#system/run-program.ts';
import type { Holder } from './rules/facts.ts';
import { answersCameras, readLsof, readNetstat, readProcNet, readTasklist, wordsOfCommandLine } from './rules/holders.ts';

/** The programs that have a port open. */
export interface HolderSearch {
	holders: Holder[];
	/** Why the search was impossible; `null`: it was possible. */
	blind: string | null;
}

/** State of a listening TCP socket in `/proc/net/tcp`. */
const LISTENS = 0x0a;

/** Finds the programs that have a port open, in the way of this system. */
export async function portHolders(protocol: 'udp' | 'tcp', port: number, platform: string, run: RunProgram): Promise<HolderSearch> {
	if (platform === 'linux') return linuxHolders(protocol, port);
	return platform === 'win32' ? windowsHolders(protocol, port, run) : lsofHolders(protocol, port, run);
}

/** Linux: reads the sockets of `/proc/net` and finds their processes, as far as permissions allow. */
export function linuxHolders(protocol: 'udp' | 'tcp', port: number, proc = '/proc'): HolderSearch {
	const files = [`${protocol}`, `${protocol}6`].map((name) => textOf(path.join(proc, 'net', name)));
	if (files.every((text) => text === undefined)) return { holders: [], blind: `${proc}/net/${protocol} cannot be read` };
	const sockets = files
		.flatMap((text) => readProcNet(text ?? ''))
		.filter((socket) => socket.port === port && (protocol === 'udp' || socket.state === LISTENS));
	const owners = sockets.length === 0 ? new Map<string, number>() : ownersOf(new Set(sockets.map(({ inode }) => inode)), proc);
	const holders = sockets.map(({ inode, address }) => {
		const pid = owners.get(inode);
		if (pid === undefined) return { pid: null, program: null, address };
		const answers = answersCameras(commandLineOf(pid, proc));
		return { pid, program: programOf(pid, proc), address, answersCameras: answers || undefined };
	});
	return { holders, blind: null };
}

/** Returns the process of each socket. Only root sees the processes of other users. */
function ownersOf(inodes: ReadonlySet<string>, proc: string): Map<string, number> {
	const owners = new Map<string, number>();
	for (const name of namesIn(proc).filter((one) => /^\d+$/.test(one))) {
		const folder = path.join(proc, name, 'fd');
		for (const fd of namesIn(folder)) {
			const inode = /^socket:\[(\d+)\]$/.exec(linkOf(path.join(folder, fd)) ?? '')?.[1];
			if (inode !== undefined && inodes.has(inode) && !owners.has(inode)) owners.set(inode, Number(name));
		}
	}
	return owners;
}

function commandLineOf(pid: number, proc: string): string[] {
	return (textOf(path.join(proc, String(pid), 'cmdline')) ?? '').split('\0');
}

function programOf(pid: number, proc: string): string | null {
	const [program = '', script = ''] = commandLineOf(pid, proc);
	const name = path.basename(program);
	// `node` or `python3` says little, but the name of the script says more.
	if (/^(?:node|python|perl|ruby|java|sh|bash)[\d.]*$/.test(name) && script !== '' && !script.startsWith('-'))
		return `${name} ${path.basename(script)}`;
	return name === '' ? (textOf(path.join(proc, String(pid), 'comm'))?.trim() ?? null) : name;
}

/** macOS and other systems with `lsof`. */
export async function lsofHolders(protocol: 'udp' | 'tcp', port: number, run: RunProgram): Promise<HolderSearch> {
	const listens = protocol === 'tcp' ? ['-sTCP:LISTEN'] : [];
	const said = await run('lsof', ['-nP', '-F', 'pcn', `-i${protocol.toUpperCase()}:${port}`, ...listens]);
	if (said.missing || (said.code !== 0 && said.stderr !== ''))
		return { holders: [], blind: said.missing ? 'lsof is not installed' : 'lsof failed' };
	return {
		holders: await markAnswerers(readLsof(said.stdout), (pid) => run('ps', ['-ww', '-o', 'command=', '-p', String(pid)])),
		blind: null,
	};
}

/** Windows: asks `netstat` and `tasklist`. */
export async function windowsHolders(protocol: 'udp' | 'tcp', port: number, run: RunProgram): Promise<HolderSearch> {
	const said = await run('netstat', ['-ano', '-p', protocol]);
	if (said.code !== 0) return { holders: [], blind: 'netstat failed' };
	const holders = readNetstat(said.stdout, protocol, port);
	for (const holder of holders.filter(({ pid }) => pid !== null))
		holder.program = readTasklist((await run('tasklist', ['/FI', `PID eq ${holder.pid}`, '/FO', 'CSV', '/NH'])).stdout) ?? null;
	const ask = (pid: number) =>
		run('powershell', [
			'-NoProfile',
			'-NonInteractive',
			'-Command',
			`(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}').CommandLine`,
		]);
	return { holders: await markAnswerers(holders, ask), blind: null };
}

/** Marks the programs that are a canon-wifi which answers cameras. Only the command lines of Node processes are read. */
async function markAnswerers(holders: readonly Holder[], commandLine: (pid: number) => ReturnType<RunProgram>): Promise<Holder[]> {
	const nodes = new Set(holders.flatMap(({ pid, program }) => (pid !== null && /^node/i.test(program ?? '') ? [pid] : [])));
	const answering = new Set<number | null>();
	for (const pid of nodes) if (answersCameras(wordsOfCommandLine((await commandLine(pid)).stdout))) answering.add(pid);
	return holders.map((holder) => (answering.has(holder.pid) ? { ...holder, answersCameras: true as const } : holder));
}

function textOf(file: string): string | undefined {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}

function linkOf(file: string): string | undefined {
	try {
		return fs.readlinkSync(file);
	} catch {
		return undefined;
	}
}

function namesIn(folder: string): string[] {
	try {
		return fs.readdirSync(folder);
	} catch {
		return [];
	}
}
