/** Where a PowerShot is between "connect to a smartphone" and a PTP session. */
import type { CameraScreen } from '../../events.ts';
import type { Handshake, InSession, Paired, PortState } from '../machine.ts';

/** A smartphone whose description was accepted. */
export interface Phone {
	uuid: string;
	/** As the camera lists it. */
	name: string;
	/** IPv4 address of its description. */
	address: string;
	/** Where the list of its actions is. */
	actions: URL;
}

export type PhoneState =
	| { at: 'off' }
	/** Announces itself, smartphones on the screen. `wanted`: those it is paired with, which it takes by itself. */
	| { at: 'searching'; phones: readonly Phone[]; cursor: number; wanted: readonly Paired[] }
	/** Reads the actions of the chosen phone and introduces itself. */
	| { at: 'greeting'; phone: Phone }
	/** The phone talks to the camera's service. `usecase`: what it has begun; `leaving`: it asked to disconnect. */
	| { at: 'serving'; phone: Phone; usecase: 'none' | 'objectPull'; leaving: boolean }
	/** RemoteCapture runs: the rest is PTP-IP. */
	| { at: 'waiting'; phone: Phone }
	| ((Handshake | InSession) & { phone: Phone });

export type Usecase = 'ObjectPull' | 'RemoteCapture' | 'Disconnect';

/** What happens in this flow alone. */
export type PhoneInput =
	| { type: 'phoneFound'; phone: Phone }
	/** It answered every greeting with 200, or not. */
	| { type: 'greeted' }
	| { type: 'greetingFailed'; why: string }
	/** A request came to the camera's service. */
	| { type: 'phoneAsked' }
	| { type: 'usecase'; name: Usecase; run: boolean }
	/** DisconnectStatus with PowerOff TRUE. */
	| { type: 'powerOffAsked' };

/** Milliseconds. */
export interface PhoneRules {
	autoSet: { afterMs: number; pick?: string } | undefined;
	connectingMs: number;
	/** Without initiator after RemoteCapture. */
	idleMs: number;
	handshakeMs: number;
	/** Without a request of the phone, or without an operation in a session. */
	silenceMs: number;
}

export function phonePortState(state: PhoneState): PortState {
	if (state.at === 'waiting') return 'accepting';
	return state.at === 'handshake' || state.at === 'session' ? 'refusing' : 'closed';
}

export function phoneScreen(state: PhoneState): CameraScreen {
	switch (state.at) {
		case 'off':
			return { shows: 'off' };
		case 'searching':
			return { shows: 'phones', names: state.phones.map(({ name }) => name), cursor: state.cursor };
		case 'greeting':
			return { shows: 'connecting', name: state.phone.name };
		default:
			return { shows: 'connected', name: state.phone.name };
	}
}
