/** The software camera as its users see it: switched on with options, with keys, a screen and an end. */
import { CanonWifiError } from '../core/errors.ts';
import { Body, type Parts } from './body.ts';
import { Card } from './card/card.ts';
import { openCard } from './card/open.ts';
import type { SimulatorClock } from './clock.ts';
import { computerFlow } from './computer/flow.ts';
import type { OffReason, Screen, SimulatorEmit } from './events.ts';
import type { Key } from './firmware/reduce.ts';
import { type CameraOptions, DEFAULTS, rulesOf } from './options.ts';
import { Pairings } from './pairings.ts';

/** How the camera's life ended. */
export interface CameraEnd {
	why: OffReason;
	/** A PTP session was opened at least once. */
	session: boolean;
}

export interface SoftwareCamera {
	readonly address: string;
	/** PTP-IP port as bound; with port 0 known once it was open for the first time. */
	readonly ptpipPort: number;
	readonly screen: Screen;
	press(key: Key): void;
	/** Moves to this name and presses SET; false when it is not on the screen. */
	select(name: string): boolean;
	/** The power key: ends the camera, also one that would survive. */
	powerOff(): void;
	/** Resolves when the Wi-Fi went off for good and all sockets are closed; rejects on a defect. */
	readonly ended: Promise<CameraEnd>;
	/** Switches off and waits for `ended`. Closing twice is fine. */
	close(): Promise<void>;
}

export interface CameraPorts {
	emit: SimulatorEmit;
	clock?: SimulatorClock;
	/** Aborted: switches off. */
	signal?: AbortSignal;
}

/**
 * Switches a camera on. Resolves when it searches (or, paired, looks for its computer). Rejects with `notOurAddress`,
 * `cannotListen` or `usage` when address, port or card cannot be used.
 */
export async function startCamera(options: CameraOptions, ports: CameraPorts): Promise<SoftwareCamera> {
	const pairings = await Pairings.load(options.state);
	if (options.scenario === 'reconnect' && pairings.list().length === 0)
		throw new CanonWifiError('usage', {
			problem: 'This camera has not been paired with any computer, so it has none to look for.',
			next: 'Let it pair first with --scenario pair and --state FILE, then give the same file.',
		});
	const opened = await openCard(options.media, options.model);
	const parts = { options, ports, pairings, card: new Card(opened.root), removeCard: opened.close };
	return switchOn({ ...parts, flow: computerFlow(rulesOf(options), options.contentType ?? DEFAULTS.contentType) });
}

async function switchOn<S extends { at: string }, I>(parts: Parts<S, I>): Promise<SoftwareCamera> {
	const body = new Body(parts);
	await body.start();
	return body;
}
