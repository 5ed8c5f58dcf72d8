/** The states of an EOS between "Remote control (EOS Utility)" and a PTP session. */

import type { InitiatorFacts } from '#protocol/ptpip/responder/acceptor.ts';
import type { ScreenContents } from '../../events.ts';
import type { Handshake, InSession, Paired, PortState } from '../machine.ts';

/** Where the firmware is. */
export type EosState =
	| { at: 'off' }
	/** Announces itself and shows "Searching for EOS Utility". `target` is the computer it is paired with. */
	| { at: 'announcing'; target: Paired | undefined }
	/** The description was read the way EOS Utility does it, and port 15740 is open. */
	| { at: 'awaited'; target: Paired | undefined }
	/** An unknown initiator asks, and its Ack waits for OK. */
	| { at: 'confirming'; initiator: InitiatorFacts }
	| Handshake
	| InSession;

/** The inputs of this mode alone. */
export type EosInput = { type: 'descriptionRead'; from: string };

/** Time limits in milliseconds, after which the Wi-Fi goes off. */
export interface EosRules {
	/** OK is pressed automatically this long after an initiator asks; `undefined`: it is not. */
	confirmMs: number | undefined;
	/** A paired camera's description must be read within this time. */
	connectingMs: number;
	/** An initiator must connect within this time. */
	idleMs: number;
	/** OK must be pressed within this time. Clients wait for it up to about 90 s. */
	okMs: number;
	/** The event connection must follow within this time. */
	handshakeMs: number;
	/** Longest time without an operation in a session. An EOS-1D X Mark II was seen to leave after about 90 s. */
	silenceMs: number;
}

/** Returns what port 15740 does in a state. */
export function eosPortState(state: EosState): PortState {
	if (state.at === 'off' || state.at === 'announcing') return 'closed';
	return state.at === 'awaited' ? 'accepting' : 'refusing';
}

/** Returns what the screen shows in a state. */
export function eosScreen(state: EosState): ScreenContents {
	switch (state.at) {
		case 'off':
			return { shows: 'off' };
		case 'announcing':
			return { shows: 'searching', for: 'EOS Utility' };
		case 'awaited':
			return { shows: 'pairing', name: null };
		case 'confirming':
			return { shows: 'pairing', name: state.initiator.name };
		default:
			return { shows: 'connected', name: state.computer.name };
	}
}
