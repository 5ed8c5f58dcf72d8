/** The options of a simulated camera, and their defaults. */

import type { CameraOs } from '#protocol/chdk/os.ts';
import { PTPIP_PORT } from '#protocol/ptpip/packet.ts';
import { SSDP_PORT } from '#protocol/ssdp/message.ts';
import type { Strictness } from './discovery/strictness.ts';
import type { Fault } from './faults/fault.ts';
import type { CameraModel } from './models/model.ts';
import type { ComputerRules } from './modes/computer/state.ts';
import { DESCRIPTION_PORT } from './modes/eos/description.ts';
import type { EosRules } from './modes/eos/state.ts';
import type { PhoneRules } from './modes/smartphone/state.ts';
import { IMINK_PORT } from './modes/smartphone/vocabulary.ts';

/** The Wi-Fi menu entries that can be simulated. */
export const FLOWS = ['computer', 'eos', 'smartphone'] as const;
export type FlowName = (typeof FLOWS)[number];

/** How a camera is set up. */
export interface CameraOptions {
	/** The camera's IPv4 address, which must be one of this computer's. */
	address: string;
	model: CameraModel;
	/** Replaces the model's operating system, which decides which logical event unlocks. */
	os?: CameraOs | undefined;
	/** Without CHDK operation 0x9999 is neither listed nor answered. */
	chdk?: boolean | undefined;
	/** The card: a folder that contains DCIM. Without it the card is a temporary folder with built-in pictures. */
	media?: string | undefined;
	/** File that keeps the paired computers. Without it they are forgotten at the end. */
	state?: string | undefined;
	scenario?: 'pair' | 'reconnect' | undefined;
	/** Presses SET automatically this long after a name is listed; absent: only `press` and `select` do. */
	autoSet?: { afterMs: number; pick?: string | undefined } | undefined;
	/** Port 15740 before SET: connection refused, or Init Fail 1. */
	beforeSet?: 'refuse' | 'initFail' | undefined;
	/** The entry of the camera's Wi-Fi menu; absent: `eos` for an EOS, otherwise `computer`. */
	flow?: FlowName | undefined;
	/** EOS: presses OK automatically this many milliseconds after an initiator asks; absent: only `press` does. */
	confirmAfterMs?: number | undefined;
	/** EOS and smartphone: TCP port of the camera's description. The next free one is used if it is taken; 0 means any. */
	descriptionPort?: number | undefined;
	/** Smartphone: TCP port of the camera's HTTP service; 0: any. */
	iminkPort?: number | undefined;
	/** Smartphone: TCP port of the phone's HTTP service. */
	phonePort?: number | undefined;
	/** How strictly the description's Content-Type is judged. */
	contentType?: Strictness | undefined;
	/** Bytes per second of payloads, in each direction; absent: not limited. */
	rate?: number | undefined;
	/** Answers Device Busy (0x2019) for this many milliseconds after OpenSession. */
	busyMs?: number | undefined;
	faults?: readonly Fault[] | undefined;
	/** Seed of the random numbers. The same seed gives the same faults. */
	seed?: number | undefined;
	/** Switches on again after the Wi-Fi went off, as a paired camera that comes back. */
	survive?: boolean | undefined;
	/** TCP port; 0: any free one. */
	ptpipPort?: number | undefined;
	ssdpPort?: number | undefined;
	idleMs?: number | undefined;
	handshakeMs?: number | undefined;
	connectingMs?: number | undefined;
	portDelayMs?: number | undefined;
	blackoutMs?: number | undefined;
	/** With `survive`: milliseconds from Wi-Fi off to the next search. */
	pauseMs?: number | undefined;
}

/** The values of absent options. */
export const DEFAULTS = {
	scenario: 'pair',
	beforeSet: 'refuse',
	descriptionPort: DESCRIPTION_PORT,
	iminkPort: IMINK_PORT,
	phonePort: IMINK_PORT,
	contentType: 'quoted',
	ptpipPort: PTPIP_PORT,
	ssdpPort: SSDP_PORT,
	/** Assumed: how long a real camera waits is not known, only that it is seconds to minutes. */
	idleMs: 20_000,
	/** "A few seconds" on an EOS M10. */
	handshakeMs: 5000,
	connectingMs: 120_000,
	portDelayMs: 0,
	/** Less than the 250 ms that chdkptp waits. */
	blackoutMs: 200,
	pauseMs: 1000,
	seed: 1,
	/** EOS: how long clients were seen to wait for OK on the camera. */
	okMs: 90_000,
	/** EOS: an EOS-1D X Mark II was seen to leave a silent link after about 90 s. */
	silenceMs: 90_000,
} as const;

/** Returns the operating system whose logical events unlock. */
export function osOf({ os, model }: CameraOptions): CameraOs {
	return os ?? model.os;
}

/** Returns the rules for "connect to a computer". */
export function rulesOf(options: CameraOptions): ComputerRules {
	return {
		os: osOf(options),
		beforeSet: options.beforeSet ?? DEFAULTS.beforeSet,
		idleMs: options.idleMs ?? DEFAULTS.idleMs,
		handshakeMs: options.handshakeMs ?? DEFAULTS.handshakeMs,
		connectingMs: options.connectingMs ?? DEFAULTS.connectingMs,
		portDelayMs: options.portDelayMs ?? DEFAULTS.portDelayMs,
		blackoutMs: options.blackoutMs ?? DEFAULTS.blackoutMs,
		autoSet: options.autoSet,
	};
}

/** Returns the rules for EOS Utility. */
export function eosRulesOf(options: CameraOptions): EosRules {
	const { connectingMs, idleMs, handshakeMs } = rulesOf(options);
	const { okMs, silenceMs } = DEFAULTS;
	return { confirmMs: options.confirmAfterMs, connectingMs, idleMs, okMs, handshakeMs, silenceMs };
}

/** Returns the rules for a smartphone. */
export function phoneRulesOf(options: CameraOptions): PhoneRules {
	const { autoSet, connectingMs, idleMs, handshakeMs } = rulesOf(options);
	return { autoSet, connectingMs, idleMs, handshakeMs, silenceMs: DEFAULTS.silenceMs };
}
