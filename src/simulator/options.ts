/** How a software camera is set up, and what holds when nothing is said. */

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

export const FLOWS = ['computer', 'eos', 'smartphone'] as const;
export type FlowName = (typeof FLOWS)[number];

export interface CameraOptions {
	/** The camera's IPv4 address: one of this machine's. */
	address: string;
	model: CameraModel;
	/** Another operating system than the model's: decides which logical event unlocks. */
	os?: CameraOs;
	/** Without CHDK operation 0x9999 is neither listed nor answered. */
	chdk?: boolean;
	/** The card: a folder that holds DCIM. Without it a built-in set of pictures, in a folder that goes away again. */
	media?: string;
	/** File that keeps the paired computers. Without it they are forgotten at the end. */
	state?: string;
	scenario?: 'pair' | 'reconnect';
	/** Who presses SET by itself; nothing: only `press` and `select` do. */
	autoSet?: { afterMs: number; pick?: string };
	/** Port 15740 before SET: connection refused, or Init Fail 1. */
	beforeSet?: 'refuse' | 'initFail';
	/** The entry of the camera's Wi-Fi menu; absent: `eos` for an EOS, else `computer`. */
	flow?: FlowName;
	/** EOS: OK is pressed by itself this long after an initiator asks; nothing: only `press` does. Milliseconds. */
	confirmAfterMs?: number;
	/** EOS and smartphone: TCP port of the camera's description; the next free one if it is taken, 0: any. */
	descriptionPort?: number;
	/** Smartphone: TCP port of the camera's HTTP service (0: any), and of the phone's. */
	iminkPort?: number;
	phonePort?: number;
	/** How strictly the description's Content-Type is judged. */
	contentType?: Strictness;
	/** Bytes a second that payloads take, each way; nothing: as fast as it goes. */
	rate?: number;
	/** Busy (0x2019) for this long after OpenSession. Milliseconds. */
	busyMs?: number;
	faults?: readonly Fault[];
	/** For all that chance decides: the same seed, the same faults. */
	seed?: number;
	/** Goes on after the Wi-Fi went off, as a paired camera that comes back. */
	survive?: boolean;
	/** TCP port; 0: any free one. */
	ptpipPort?: number;
	ssdpPort?: number;
	idleMs?: number;
	handshakeMs?: number;
	connectingMs?: number;
	portDelayMs?: number;
	blackoutMs?: number;
	/** With `survive`: from Wi-Fi off to the next search. */
	pauseMs?: number;
}

export const DEFAULTS = {
	scenario: 'pair',
	beforeSet: 'refuse',
	descriptionPort: DESCRIPTION_PORT,
	iminkPort: IMINK_PORT,
	phonePort: IMINK_PORT,
	contentType: 'quoted',
	ptpipPort: PTPIP_PORT,
	ssdpPort: SSDP_PORT,
	/** How long a real camera waits is not known: seconds to minutes. */
	idleMs: 20_000,
	/** "A few seconds" on an EOS M10. */
	handshakeMs: 5000,
	connectingMs: 120_000,
	portDelayMs: 0,
	/** Under the 250 ms that chdkptp waits for. */
	blackoutMs: 200,
	pauseMs: 1000,
	seed: 1,
	/** EOS: how long clients were seen to wait for OK on the camera. */
	okMs: 90_000,
	/** EOS: an EOS-1D X Mark II was seen to leave a silent link after about 90 s. */
	silenceMs: 90_000,
} as const;

/** The operating system whose logical events unlock. */
export function osOf({ os, model }: CameraOptions): CameraOs {
	return os ?? model.os;
}

/** The firmware's rules under these options. */
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

/** The same for an EOS. */
export function eosRulesOf(options: CameraOptions): EosRules {
	const { connectingMs, idleMs, handshakeMs } = { ...DEFAULTS, ...options };
	const { okMs, silenceMs } = DEFAULTS;
	return { confirmMs: options.confirmAfterMs, connectingMs, idleMs, okMs, handshakeMs, silenceMs };
}

/** The same for a PowerShot with a smartphone. */
export function phoneRulesOf(options: CameraOptions): PhoneRules {
	const { connectingMs, idleMs, handshakeMs } = { ...DEFAULTS, ...options };
	return { autoSet: options.autoSet, connectingMs, idleMs, handshakeMs, silenceMs: DEFAULTS.silenceMs };
}
