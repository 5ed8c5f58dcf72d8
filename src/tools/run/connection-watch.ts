/** Watches a tool's connections to the camera, for a run that does not say what happens to them (Linux). */
import { setTimeout as sleep } from 'node:timers/promises';
import { evidenceOf } from '../rules/evidence.ts';
import { connectionsOf, receivedBy } from './sockets.ts';

/** What is watched. */
export interface Watched {
	/** The tool's process. */
	readonly pid: number;
	/** The camera. */
	readonly address: string;
	readonly port: number;
	/** Ends the watching. */
	readonly signal: AbortSignal;
	/** `session`, `open`: see rules/evidence.ts. `silent`: it has waited on a connection for as long as is sensible. */
	hear(text: 'session' | 'open' | 'silent'): void;
}

/** How often the connections are looked at until the tool is connected, in milliseconds. */
const OPENING_LOOK_MS = 100;
/** How often a tool that waits is looked at, at the least, in milliseconds. */
const SILENCE_LOOK_MS = 2000;

/** For a run that does not say that it is connected. Resolves when it is, or when the signal is aborted. */
export async function watchOpening({ pid, address, port, signal, hear }: Watched, connected: () => boolean): Promise<void> {
	let since: number | undefined;
	while (!signal.aborted && !connected()) {
		await sleep(OPENING_LOOK_MS, undefined, { signal }).catch(() => {});
		const { open } = await connectionsOf(pid, address, port);
		if (open < 2) since = undefined;
		else since ??= performance.now() - OPENING_LOOK_MS;
		if (since === undefined) continue;
		const received = await receivedBy(pid, address, port);
		const evidence = evidenceOf({ bothForMs: performance.now() - since, received });
		if (evidence !== undefined && !signal.aborted) hear(evidence);
	}
}

/** For a tool without time-outs. `silentMs`: one that has waited so long for the camera has lost it. Resolves when the signal is aborted. */
export async function watchSilence({ pid, address, port, signal, hear }: Watched, silentMs: number): Promise<void> {
	let before: string | undefined;
	let since = 0;
	while (!signal.aborted) {
		await sleep(Math.min(SILENCE_LOOK_MS, silentMs / 5), undefined, { signal }).catch(() => {});
		const { waiting } = await connectionsOf(pid, address, port);
		if (waiting === undefined || waiting !== before) since = performance.now();
		else if (performance.now() - since >= silentMs && !signal.aborted) hear('silent');
		before = waiting;
	}
}
