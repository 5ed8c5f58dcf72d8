/** Whether a program is in the foreground of its terminal: the shell gives that to one process group at a time. */

/** The number of the present stay in the foreground; nothing in the background. A new number: others may have written meanwhile. */
export type ForegroundCheck = () => number | undefined;

/** For where there is no background. */
export const alwaysForeground: ForegroundCheck = () => 0;

/** `/proc/PID/stat` of Linux; nothing when it does not say. */
export function foregroundInStat(stat: string): boolean | undefined {
	// The name in parentheses may hold anything; behind it come state, parent, group, session, terminal, foreground group.
	const [, , group, , , foreground] = stat
		.slice(stat.lastIndexOf(')') + 1)
		.trim()
		.split(/\s+/);
	return sameGroup(group, foreground);
}

/** `ps -o pgid=,tpgid= -p PID` of macOS and the BSDs; nothing when it does not say. */
export function foregroundInPs(text: string): boolean | undefined {
	const [group, foreground] = text.trim().split(/\s+/);
	return sameGroup(group, foreground);
}

/** Without a terminal of its own (-1, 0) a process is in nobody's background. */
function sameGroup(group: string | undefined, foreground: string | undefined): boolean | undefined {
	const [ours, theirs] = [Number(group), Number(foreground)];
	if (!Number.isInteger(ours) || !Number.isInteger(theirs) || ours <= 0) return undefined;
	return theirs <= 0 || ours === theirs;
}
