/** `simulate`: a software camera on this machine's network, until its Wi-Fi goes off. */
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import { requireIpv4 } from '#network/rules/networks.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';
import { networkFor, networkOrFail, wantedNetwork } from '../shared/camera-request.ts';
import type { Deps, Outcome } from '../shared/deps.ts';

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
	/** Seconds. */
	portDelay?: number;
	/** Seconds. */
	busy?: number;
	/** Bytes a second. */
	rate?: number;
	fault?: readonly string[];
	seed?: number;
	survive?: boolean;
	/** Absent: what the model has. */
	flow?: 'computer' | 'eos' | 'smartphone';
	/** Seconds. */
	confirmAfter?: number;
	contentType: 'quoted' | 'charset' | 'type';
	ptpipPort?: number;
	ssdpPort?: number;
	descriptionPort?: number;
	iminkPort?: number;
}

/** Everything a camera is told when it is switched on. Times in milliseconds. */
export interface CameraSetUp {
	address: string;
	media?: string;
	state?: string;
	scenario: 'pair' | 'reconnect';
	/** Who presses SET by itself; absent: a person at the keys. */
	autoSet?: { afterMs: number; pick?: string };
	beforeSet: 'refuse' | 'initFail';
	idleMs: number;
	model?: string;
	os?: CameraOs;
	chdk: boolean;
	portDelayMs: number;
	busyMs: number;
	rate?: number;
	/** As given with --fault. */
	faults: readonly string[];
	seed?: number;
	survive: boolean;
	flow?: 'computer' | 'eos' | 'smartphone';
	/** Presses OK by itself; absent: a person at the keys. */
	confirmAfterMs?: number;
	contentType: 'quoted' | 'charset' | 'type';
	ptpipPort?: number;
	ssdpPort?: number;
	descriptionPort?: number;
	iminkPort?: number;
}

export type CameraKey = 'up' | 'down' | 'set' | 'cancel' | 'power';

/** What the command needs of the software camera; simulator/port.ts is one. */
export interface SoftwareCameraPort {
	start(
		setUp: CameraSetUp,
		on: { emit(event: { type: string }, words: string | undefined): void; signal: AbortSignal },
	): Promise<{ ended: Promise<{ why: string; session: boolean }>; press(key: CameraKey): void; close(): Promise<void> }>;
}

/** The camera's screen on a terminal; simulator/screen/terminal.ts is one. */
export interface CameraScreen {
	show(event: { type: string }, words: string | undefined): void;
	close(): void;
}

export interface SimulateDeps extends Pick<Deps, 'out' | 'json' | 'networks' | 'emit' | 'signal' | 'clock'> {
	camera: SoftwareCameraPort;
	/** No plain lines. */
	quiet?: boolean;
	/** Keeps an event of the camera in the log. */
	record?(event: { type: string }): void;
	/** Takes the terminal; absent: there is none to draw on. */
	openScreen?: (press: (key: CameraKey) => void) => CameraScreen;
}

/** Without a person at the keys, SET (or OK) is pressed this long after there is something to choose. */
const PRESSED_AFTER_SECONDS = 1;

/** Flags as the camera's set-up; `person`: somebody is at the keys. Throws `notIpv4`, `noInterface`, `noNetwork`, `missingAnswer` or `usage`. */
export function setUpOf(flags: SimulateFlags, deps: Pick<Deps, 'networks' | 'emit'>, person = false): CameraSetUp {
	if (flags.address !== undefined && flags.interface !== undefined)
		throw new CanonWifiError('usage', { problem: 'Both --address and --interface are given.', next: 'Give one of them.' });
	const { address: given } = flags;
	// Any address of 127.0.0.0/8 will do, though the system lists only the first.
	const onLoopback = given !== undefined && requireIpv4(given, '--address').startsWith('127.');
	const address = onLoopback ? given : networkOrFail(networkFor(wantedNetwork(flags, []), deps)).address;
	const { rate, seed } = flags;
	if (rate === 0) throw new CanonWifiError('usage', { problem: 'Nothing moves at --rate 0.', next: 'Give bytes a second, at least 1.' });
	const { media, state, pick, model, os, ptpipPort, ssdpPort, descriptionPort, iminkPort, scenario, beforeSet, flow, contentType } = flags;
	const selectAfter = flags.selectAfter ?? (person && pick === undefined ? undefined : PRESSED_AFTER_SECONDS);
	const confirmAfter = flags.confirmAfter ?? (person ? undefined : PRESSED_AFTER_SECONDS);
	return {
		address,
		scenario,
		beforeSet,
		contentType,
		...(flow === undefined ? {} : { flow }),
		...(selectAfter === undefined ? {} : { autoSet: { afterMs: selectAfter * 1000, ...(pick === undefined ? {} : { pick }) } }),
		...(confirmAfter === undefined ? {} : { confirmAfterMs: confirmAfter * 1000 }),
		idleMs: flags.idleTimeout * 1000,
		chdk: flags.chdk !== false,
		portDelayMs: (flags.portDelay ?? 0) * 1000,
		busyMs: (flags.busy ?? 0) * 1000,
		faults: flags.fault ?? [],
		survive: flags.survive === true,
		...(media === undefined ? {} : { media }),
		...(state === undefined ? {} : { state }),
		...(model === undefined ? {} : { model }),
		...(os === undefined ? {} : { os }),
		...(rate === undefined ? {} : { rate }),
		...(seed === undefined ? {} : { seed }),
		...(ptpipPort === undefined ? {} : { ptpipPort }),
		...(ssdpPort === undefined ? {} : { ssdpPort }),
		...(descriptionPort === undefined ? {} : { descriptionPort }),
		...(iminkPort === undefined ? {} : { iminkPort }),
	};
}

/** Plays one camera. 0 when a session was opened, else `noCamera`'s exit code. */
export async function run({ flags }: { flags: SimulateFlags }, deps: SimulateDeps): Promise<Outcome> {
	const line = (event: { type: string }, words: string | undefined): void => {
		const { type, ...fields } = event;
		if (deps.json) deps.out(`${JSON.stringify({ v: 1, time: deps.clock.date().toISOString(), type, ...fields })}\n`);
		else if (words !== undefined && deps.quiet !== true) deps.out(`${words}\n`);
	};
	const { openScreen } = deps;
	const setUp = setUpOf(flags, deps, openScreen !== undefined);
	// The terminal is taken when the camera is on: what speaks against it is told on a terminal as it was.
	let screen: CameraScreen | undefined;
	const early: Parameters<typeof line>[] = [];
	const emit = (...told: Parameters<typeof line>): void => {
		deps.record?.(told[0]);
		if (openScreen === undefined) line(...told);
		else if (screen === undefined) early.push(told);
		else screen.show(...told);
	};
	const camera = await deps.camera.start(setUp, { emit, signal: deps.signal });
	try {
		screen = openScreen?.((key) => camera.press(key));
		for (const told of early) screen?.show(...told);
		const { why, session } = await camera.ended;
		deps.signal.throwIfAborted();
		return { exitCode: session ? EXIT.done : EXIT.noCamera, found: { why, session } };
	} finally {
		await camera.close();
		screen?.close();
	}
}
