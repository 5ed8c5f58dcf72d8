/** What a program and all that it started have done so far, as a text that changes whenever they do anything. */
import { treeIn } from './process-list.ts';

/** Arguments for `ps` whose output `effortInPs` reads. One `-o` for each column: see process-list.ts. */
export const PS_TIMES = ['-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'time='];

/**
 * Arguments for Windows PowerShell whose output `effortInCsv` reads. Sockets count as "other" operations there. Its words are
 * names of properties, which no language changes.
 */
export const POWERSHELL_COUNTERS = [
	'-NoProfile',
	'-NonInteractive',
	'-CommandLine',
	'Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,KernelModeTime,UserModeTime,' +
		'ReadOperationCount,WriteOperationCount,OtherOperationCount | ConvertTo-Csv -NoTypeInformation',
];

interface Counted {
	readonly pid: number;
	readonly parent: number;
	/** Processor time, and counters where there are any. */
	readonly done: string;
}

/** Reads the output of `ps` with `PS_TIMES`. Nothing when `root` is not in it. */
export function effortInPs(text: string, root: number): string | undefined {
	const rows = Array.from(text.matchAll(/^\s*(\d+)\s+(\d+)\s+(\S+)\s*$/gm), ([, pid, parent, done = '']) => ({
		pid: Number(pid),
		parent: Number(parent),
		done,
	}));
	return effortOf(rows, root);
}

/** Reads what PowerShell printed: process id, parent, counters, each in quotation marks. Nothing when `root` is not in it. */
export function effortInCsv(text: string, root: number): string | undefined {
	const rows = Array.from(text.matchAll(/^"(\d+)","(\d+)",("[",\d]*")\s*$/gm), ([, pid, parent, done = '']) => ({
		pid: Number(pid),
		parent: Number(parent),
		done: done.replaceAll('"', ''),
	}));
	return effortOf(rows, root);
}

function effortOf(rows: readonly Counted[], root: number): string | undefined {
	const done = new Map(rows.map((row) => [row.pid, row.done]));
	if (!done.has(root)) return undefined;
	return treeIn(rows, root)
		.map((pid) => `${pid}=${done.get(pid)}`)
		.join(' ');
}
