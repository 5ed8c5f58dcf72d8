/** The states of a PowerShot between "connect to a smartphone" and a PTP session. */
import type { ScreenContents } from '../../events.ts';
import type { Handshake, InSession, Paired, PortState } from '../machine.ts';

/** A smartphone whose description was accepted. */
export interface Phone {
	uuid: string;
	/** As the camera lists it. */
	name: string;
	/** IPv4 address of its description. */
	address: string;
	/** Location of the list of its actions. */
	actions: URL;
}

/** Where the firmware is. */
export type PhoneState =
	| { at: 'off' }
	/** Announces itself, with a list of smartphones on the screen. `wanted` are the paired ones, which it chooses by itself. */
	| { at: 'searching'; phones: readonly Phone[]; cursor: number; wanted: readonly Paired[] }
	/** Reads the actions of the chosen phone and introduces itself. */
	| { at: 'greeting'; phone: Phone }
	/** The phone uses the camera's service. `usecase`: what it has begun. `leaving`: it asked to disconnect. */
	| { at: 'serving'; phone: Phone; usecase: 'none' | 'objectPull'; leaving: boolean }
	/** RemoteCapture runs, and port 15740 waits for an initiator. */
	| { at: 'waiting'; phone: Phone }
	| ((Handshake | InSession) & { phone: Phone });

/** What a phone can begin by UsecaseStatus. */
export type Usecase = 'ObjectPull' | 'RemoteCapture' | 'Disconnect';

/** The inputs of this mode alone. */
export type PhoneInput =
	| { type: 'phoneFound'; phone: Phone }
	/** The phone answered every POST of the handshake with 200. */
	| { type: 'greeted' }
	| { type: 'greetingFailed'; why: string }
	/** A request came to the camera's service. */
	| { type: 'phoneAsked' }
	| { type: 'usecase'; name: Usecase; run: boolean }
	/** DisconnectStatus with PowerOff TRUE. */
	| { type: 'powerOffAsked' };

/** Time limits in milliseconds, after which the Wi-Fi goes off. */
export interface PhoneRules {
	/** Presses SET automatically this long after a phone is listed; with `pick` only for this phone. */
	autoSet: { afterMs: number; pick?: string | undefined } | undefined;
	/** A paired phone must be found, and the handshake with a phone done, within this time. */
	connectingMs: number;
	/** An initiator must connect within this time after RemoteCapture. */
	idleMs: number;
	/** The event connection must follow within this time. */
	handshakeMs: number;
	/** Longest time without a request of the phone, or without an operation in a session. */
	silenceMs: number;
}

/** Returns what port 15740 does in a state. */
export function phonePortState(state: PhoneState): PortState {
	if (state.at === 'waiting') return 'accepting';
	return state.at === 'handshake' || state.at === 'session' ? 'refusing' : 'closed';
}

/** Returns what the screen shows in a state. */
export function phoneScreen(state: PhoneState): ScreenContents {
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
