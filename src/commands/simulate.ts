/** `simulate`: a software camera on this machine's network, until its Wi-Fi goes off. */
import { CanonWifiError, EXIT } from '../core/errors.ts';
import type { CameraOs } from '../core/events.ts';
import { requireIpv4 } from '../core/networks.ts';
import { networkFor, networkOrFail } from './camera-request.ts';
import type { Deps, Outcome } from './deps.ts';

/** The same flags as parsed. */
export interface SimulateFlags {
	address?: string;
	interface?: string;
	media?: string;
	state?: string;
	scenario: 'pair' | 'reconnect';
	pick?: string;
	/** Seconds. */
	selectAfter?: number;
	beforeSet: 'refuse' | 'initFail';
	/** Seconds. */
	idleTimeout: number;
	model?: string;
	os?: CameraOs;
	chdk?: boolean;
	survive?: boolean;
	ptpipPort?: number;
	ssdpPort?: number;
}

/** Everything a camera is told when it is switched on. Times in milliseconds. */
export interface CameraSetUp {
	address: string;
	media?: string;
	state?: string;
	scenario: 'pair' | 'reconnect';
	autoSet: { afterMs: number; pick?: string };
	beforeSet: 'refuse' | 'initFail';
	idleMs: number;
	model?: string;
	os?: CameraOs;
	chdk: boolean;
	survive: boolean;
	ptpipPort?: number;
	ssdpPort?: number;
}

/** What the command needs of the software camera; simulator/port.ts is one. */
export interface SoftwareCameraPort {
	start(
		setUp: CameraSetUp,
		on: { emit(event: { type: string }, words: string | undefined): void; signal: AbortSignal },
	): Promise<{ ended: Promise<{ why: string; session: boolean }>; close(): Promise<void> }>;
}

export interface SimulateDeps extends Pick<Deps, 'out' | 'json' | 'networks' | 'emit' | 'signal' | 'clock'> {
	camera: SoftwareCameraPort;
}

/** Without a person at the keys, SET is pressed this long after the computer is listed. */
const SELECT_AFTER_SECONDS = 1;

/** Flags as the camera's set-up. Throws `notIpv4`, `noInterface`, `noNetwork`, `missingAnswer` or `usage`. */
export function setUpOf(flags: SimulateFlags, deps: Pick<Deps, 'networks' | 'emit'>): CameraSetUp {
	if (flags.address !== undefined && flags.interface !== undefined)
		throw new CanonWifiError('usage', { problem: 'Both --address and --interface are given.', next: 'Give one of them.' });
	const { address: given } = flags;
	// Any address of 127.0.0.0/8 will do, though the system lists only the first.
	const onLoopback = given !== undefined && requireIpv4(given, '--address').startsWith('127.');
	const address = onLoopback ? given : networkOrFail(networkFor(flags, undefined, deps)).address;
	const { media, state, pick, model, os, ptpipPort, ssdpPort, scenario, beforeSet } = flags;
	return {
		address,
		scenario,
		beforeSet,
		autoSet: { afterMs: (flags.selectAfter ?? SELECT_AFTER_SECONDS) * 1000, ...(pick === undefined ? {} : { pick }) },
		idleMs: flags.idleTimeout * 1000,
		chdk: flags.chdk !== false,
		survive: flags.survive === true,
		...(media === undefined ? {} : { media }),
		...(state === undefined ? {} : { state }),
		...(model === undefined ? {} : { model }),
		...(os === undefined ? {} : { os }),
		...(ptpipPort === undefined ? {} : { ptpipPort }),
		...(ssdpPort === undefined ? {} : { ssdpPort }),
	};
}

/** Plays one camera. 0 when a session was opened, else `noCamera`'s exit code. */
export async function run({ flags }: { flags: SimulateFlags }, deps: SimulateDeps): Promise<Outcome> {
	const line = (event: { type: string }, words: string | undefined): void => {
		const { type, ...fields } = event;
		if (deps.json) deps.out(`${JSON.stringify({ v: 1, time: deps.clock.date().toISOString(), type, ...fields })}\n`);
		else if (words !== undefined) deps.out(`${words}\n`);
	};
	const camera = await deps.camera.start(setUpOf(flags, deps), { emit: line, signal: deps.signal });
	try {
		const { why, session } = await camera.ended;
		deps.signal.throwIfAborted();
		return { exitCode: session ? EXIT.done : EXIT.noCamera, found: { why, session } };
	} finally {
		await camera.close();
	}
}
