/** Whether a program is in the foreground of its terminal. The shell gives the foreground to one process group at a time. */

/**
 * Returns the number of the current stay in the foreground, or `undefined` in the background. After a new number, other
 * programs may have written to the terminal meanwhile.
 */
export type ForegroundCheck = () => number | undefined;

/** For systems without background processes. */
export const alwaysForeground: ForegroundCheck = () => 0;

/** Reads Linux' `/proc/PID/stat`. Returns `undefined` if it does not tell. */
export function foregroundInStat(stat: string): boolean | undefined {
	// The name in parentheses may contain anything. After it come state, parent, group, session, terminal, foreground group.
	const [, , group, , , foreground] = stat
		.slice(stat.lastIndexOf(')') + 1)
		.trim()
		.split(/\s+/);
	return sameGroup(group, foreground);
}

/** Reads the output of `ps -o pgid=,tpgid= -p PID` on macOS and the BSDs. Returns `undefined` if it does not tell. */
export function foregroundInPs(text: string): boolean | undefined {
	const [group, foreground] = text.trim().split(/\s+/);
	return sameGroup(group, foreground);
}

/** A process without a terminal (-1, 0) counts as in the foreground. */
function sameGroup(group: string | undefined, foreground: string | undefined): boolean | undefined {
	const [ours, theirs] = [Number(group), Number(foreground)];
	if (!Number.isInteger(ours) || !Number.isInteger(theirs) || ours <= 0) return undefined;
	return theirs <= 0 || ours === theirs;
}
