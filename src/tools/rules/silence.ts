/**
 * Whether a tool without time-outs waits for a camera that has gone, where the system does not show what a process waits
 * for (macOS, Windows): it is at work, says nothing, and does nothing, for as long as is sensible.
 */

/** What the tool says of itself. `away`: it waits for something else than the camera, such as a person's next command. */
export type Activity = 'work' | 'away';

/** What is known of the tool. Times are milliseconds that never go back. */
export interface Watched {
	readonly activity: Activity;
	/** What it had done so far at the last look; nothing when it has given a sign of life since. */
	readonly effort: string | undefined;
	/** When that was seen for the first time. */
	readonly since: number;
	/** When it was last looked at, or gave a sign of life. */
	readonly seenAt: number;
}

/** Before anything is known. A tool that never says that it is at work is never taken for silent. */
export const unwatched: Watched = { activity: 'away', effort: undefined, since: 0, seenAt: 0 };

/** The tool gave a sign of life: it said something, or what it is about. */
export function alive({ activity }: Watched, now: number, is: Activity = activity): Watched {
	return { activity: is, effort: undefined, since: now, seenAt: now };
}

/** Whether it is time to look: it is at work, and nothing was seen of it for one interval. */
export const isDue = ({ activity, seenAt }: Watched, now: number, everyMs: number): boolean =>
	activity === 'work' && now - seenAt >= everyMs;

/**
 * What the tool had done by now was looked at: `effort` changes whenever it does anything, and is nothing when the system
 * did not say. After a pause as long as the limit, in which the computer slept, it is given the whole time again.
 */
export function looked(before: Watched, effort: string | undefined, now: number, limitMs: number): Watched {
	const same = effort !== undefined && effort === before.effort && now - before.seenAt < limitMs;
	return { activity: before.activity, effort, since: same ? before.since : now, seenAt: now };
}

/** Whether it waits for a camera that has gone. */
export const isSilent = ({ activity, effort, since, seenAt }: Watched, limitMs: number): boolean =>
	activity === 'work' && effort !== undefined && seenAt - since >= limitMs;
