/** Puts a client on a camera once, as the flows do. */
import type { Emit } from '#contract/events.ts';
import type { Attempted, Client, Job, Refused, Session, SessionEnd } from '#session/client.ts';
import { runSession } from '#session/running.ts';

/** How one attempt, with the session that followed if there was one, ended. */
export type AttemptEnd = Refused | ({ outcome: 'session' } & SessionEnd);

/** One attempt and its session to the end. Emits `connected` when the camera has granted one. */
export async function attempt(client: Pick<Client, 'tool' | 'connect'>, job: Job, emit: Emit, signal: AbortSignal): Promise<AttemptEnd> {
	const result = await client.connect(job, emit, signal);
	if (result.outcome === 'finished') return told(result.end);
	if (result.outcome !== 'session') return result;
	emit({ type: 'connected', tool: client.tool, address: job.address, ...result.info });
	return told(await runSession(result, signal));
}

/** `lost` is there only when there is something to say. */
function told({ lost, ...end }: SessionEnd): AttemptEnd {
	return { outcome: 'session', ...end, ...(lost !== undefined && { lost }) };
}

/** What `connect` gives for an attempt that ends like this: a session that is over as soon as it has begun, or the refusal. */
export function attempted(end: AttemptEnd): Attempted {
	if (end.outcome !== 'session') return end;
	return { outcome: 'session', info: end.learnt, begin: () => {}, ended: Promise.resolve(end), close: () => {} };
}

/** A session that lasts until it is closed; `end` then tells how it ended. */
export function lastingSession(info: Session['info'], end: () => SessionEnd | Promise<SessionEnd>): Session {
	let over: () => void = () => {};
	const closed = new Promise<void>((resolve) => {
		over = resolve;
	});
	const ended = closed.then(end);
	ended.catch(() => {});
	return { outcome: 'session', info, begin: () => {}, ended, close: () => over() };
}
