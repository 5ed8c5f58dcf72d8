/** Other processes of this system: who descends from whom, and who was started in one of our folders. */
import { readdir, readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { windowsProgram } from '#system/rules/windows-programs.ts';
import { effortInCsv, effortInPs, POWERSHELL_COUNTERS, PS_TIMES } from '../rules/effort.ts';
import { mentionedInPs, type ProcessRow, PS_COMMAND_LINES, PS_ROWS, rowsInPs, treeIn } from '../rules/process-list.ts';
import { askSystem } from './system-program.ts';

/** Linux keeps so many characters of a process's name (TASK_COMM_LEN). */
const NAME_LENGTH = 15;

async function procs(): Promise<number[]> {
	return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** All processes. Empty when the system cannot be asked. */
async function rows(platform: NodeJS.Platform): Promise<ProcessRow[]> {
	try {
		if (platform === 'linux') return (await Promise.all((await procs()).map(row))).filter((one) => one !== undefined);
		return rowsInPs(await askSystem('ps', PS_ROWS));
	} catch {
		return [];
	}
}

async function row(pid: number): Promise<ProcessRow | undefined> {
	const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
	// The name in parentheses may itself hold anything; behind the last one stand state, parent and group (proc(5)).
	const [, state, parent, group] = stat.slice(stat.lastIndexOf(')') + 1).split(' ');
	if (state === undefined) return undefined;
	const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
	return { pid, name, parent: Number(parent), group: Number(group), zombie: state === 'Z' };
}

/** `root` and all that descend from it, the youngest generation last. */
export async function tree(root: number, platform: NodeJS.Platform): Promise<number[]> {
	return treeIn(await rows(platform), root);
}

/**
 * The process among `root` and its descendants whose program has one of these names: behind a wrapper script that is the
 * tool itself. `root` when there is none.
 */
export async function namedIn(root: number, names: readonly string[], platform: NodeJS.Platform): Promise<number> {
	const all = new Map((await rows(platform)).map((one) => [one.pid, one]));
	for (const pid of await tree(root, platform)) if (names.some((name) => all.get(pid)?.name === name.slice(0, NAME_LENGTH))) return pid;
	return root;
}

/** Windows PowerShell takes a second or more to start. */
const POWERSHELL_LIMIT_MS = 10_000;

/** What `root` and its descendants have done so far (rules/effort.ts). Nothing when the system cannot be asked. */
export async function effortOf(root: number, platform: NodeJS.Platform): Promise<string | undefined> {
	try {
		return platform === 'win32'
			? effortInCsv(await askSystem(windowsProgram('powershell', process.env), POWERSHELL_COUNTERS, POWERSHELL_LIMIT_MS), root)
			: effortInPs(await askSystem('ps', PS_TIMES), root);
	} catch {
		return undefined;
	}
}

/**
 * Whether a process has a handler for a signal, which ends a program that has none. True where the system does not say:
 * only Linux does (`SigCgt` in /proc, proc(5)).
 */
export async function handles(pid: number, signal: NodeJS.Signals, platform: NodeJS.Platform): Promise<boolean> {
	if (platform !== 'linux') return true;
	const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(await readFile(`/proc/${pid}/status`, 'latin1').catch(() => ''))?.[1];
	if (caught === undefined) return true;
	return ((BigInt(`0x${caught}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}

/** Whether one of these still runs. */
export async function anyIsAlive(pids: readonly number[], platform: NodeJS.Platform): Promise<boolean> {
	if (!pids.some(answers)) return false;
	const all = await rows(platform);
	return all.length === 0 || all.some(({ pid, zombie }) => !zombie && pids.includes(pid));
}

/** Whether something of a process group still runs. */
export async function groupIsAlive(leader: number, platform: NodeJS.Platform): Promise<boolean> {
	if (!answers(-leader)) return false;
	const all = await rows(platform);
	return all.length === 0 || all.some(({ group, zombie }) => !zombie && group === leader);
}

/**
 * Processes that have `mark` in their command line or, where that can be read (Linux), in their environment. Never this one.
 * None on Windows, which ends a program's children with it (Node puts them into a job object).
 */
export async function mentioning(mark: string, platform: NodeJS.Platform): Promise<number[]> {
	const found: number[] = [];
	try {
		if (platform === 'linux') {
			for (const pid of await procs()) {
				const texts = await Promise.all(['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')));
				if (texts.some((text) => text.includes(mark))) found.push(pid);
			}
		} else if (platform !== 'win32') {
			found.push(...mentionedInPs(await askSystem('ps', PS_COMMAND_LINES), mark));
		}
	} catch {}
	return found.filter((pid) => pid > 1 && pid !== process.pid);
}

/** Whether the process (a negative number: the process group) exists, if only as a zombie. */
export function answers(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** Sends a signal to a process or a group that may have gone. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {}
}
