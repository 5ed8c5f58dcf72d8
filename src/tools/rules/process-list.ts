/** What `ps` says of all processes, on macOS and the BSDs. Linux has /proc. */

/** One process of a list. */
export interface ProcessRow {
	readonly pid: number;
	/** The program's file name; on Linux its first 15 characters. */
	readonly name: string;
	readonly parent: number;
	readonly group: number;
	/** It has ended but its parent has not collected it. Where nothing collects orphans (containers) such rows stay. */
	readonly zombie: boolean;
}

/**
 * Arguments for `ps` that print these columns of every process, without a header and without cutting lines. Each column has
 * an `-o` of its own: for the BSDs everything behind the first `=` of one `-o` is a header (FreeBSD bin/ps/keyword.c).
 */
const columns = (...names: readonly string[]): readonly string[] => ['-A', '-ww', ...names.flatMap((name) => ['-o', `${name}=`])];

/** Arguments for `ps` whose output `rowsInPs` reads. */
export const PS_ROWS = columns('pid', 'ppid', 'pgid', 'state', 'comm');
/** Arguments for `ps` whose output `mentionedInPs` reads. */
export const PS_COMMAND_LINES = columns('pid', 'command');

/** Reads the processes from the output of `ps` with `PS_ROWS`. */
export function rowsInPs(text: string): ProcessRow[] {
	return Array.from(text.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S)\S*\s+(.*)$/gm), ([, pid, parent, group, state, path = '']) => ({
		pid: Number(pid),
		name: path.trim().replace(/^.*\//, ''),
		parent: Number(parent),
		group: Number(group),
		zombie: state === 'Z',
	}));
}

/** Process ids whose command line holds `mark`, from the output of `ps` with `PS_COMMAND_LINES`. */
export function mentionedInPs(text: string, mark: string): number[] {
	return text
		.split('\n')
		.filter((line) => line.includes(mark))
		.map((line) => Number.parseInt(line, 10))
		.filter((pid) => !Number.isNaN(pid));
}

/** `root` and all processes that descend from it, the youngest generation last. */
export function treeIn(rows: readonly Pick<ProcessRow, 'pid' | 'parent'>[], root: number): number[] {
	const found = [root];
	for (const of of found) for (const { pid, parent } of rows) if (parent === of && !found.includes(pid)) found.push(pid);
	return found;
}
