/** Where an EOS is between "Remote control (EOS Utility)" and a PTP session. */

import type { InitiatorFacts } from '#protocol/ptpip/responder/acceptor.ts';
import type { CameraScreen } from '../../events.ts';
import type { Handshake, InSession, Paired, PortState } from '../machine.ts';

export type EosState =
	| { at: 'off' }
	/** Announces itself, "Searching for EOS Utility"; `target`: the computer it is paired with. */
	| { at: 'announcing'; target: Paired | undefined }
	/** The description was read as EOS Utility does: 15740 is open. */
	| { at: 'awaited'; target: Paired | undefined }
	/** An initiator asks for the first time; its Ack waits for OK. */
	| { at: 'confirming'; initiator: InitiatorFacts }
	| Handshake
	| InSession;

/** What happens in this flow alone. */
export type EosInput = { type: 'descriptionRead'; from: string };

/** Milliseconds; `confirmMs`: OK is pressed by itself this long after an initiator asks. */
export interface EosRules {
	confirmMs: number | undefined;
	/** Nobody reads the description of a camera that looks for its computer. */
	connectingMs: number;
	/** Nobody connects. */
	idleMs: number;
	/** OK is not pressed: clients wait for it up to about 90 s. */
	okMs: number;
	handshakeMs: number;
	/** No operation in a session: an EOS-1D X Mark II was seen to leave after about 90 s. */
	silenceMs: number;
}

export function eosPortState(state: EosState): PortState {
	if (state.at === 'off' || state.at === 'announcing') return 'closed';
	return state.at === 'awaited' ? 'accepting' : 'refusing';
}

export function eosScreen(state: EosState): CameraScreen {
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
