/** The firmware's states for "connect to a computer", and what follows from a state alone. */
import type { CameraOs } from '#protocol/chdk/os.ts';
import type { ScreenContents } from '../../events.ts';
import type { Computer, Handshake, InSession, Paired, PortState } from '../machine.ts';

/** Where the firmware is. */
export type ComputerState =
	| { at: 'off' }
	/** Searching, with a list of computers on the screen. */
	| { at: 'listing'; computers: readonly Computer[]; cursor: number }
	/** Searching again, only for these: the chosen computer, or all saved ones. */
	| { at: 'connecting'; wanted: readonly Paired[]; add: boolean }
	/** "Connected to device NAME". `portOpen` is false while the port is still starting. */
	| { at: 'connected'; computer: Computer; portOpen: boolean }
	| Handshake
	| InSession
	/** After GetObjectHandles or 0x9801. `turning`: the screen is not black yet. `wasOn`: it was unlocked before. */
	| { at: 'ptpMode'; computer: Computer; display: 'turning' | 'black' | 'on'; wasOn?: boolean; keys: 'locked' | 'free' };

/** Facts and time limits of the firmware. Times are in milliseconds. */
export interface ComputerRules {
	os: CameraOs;
	/** Port 15740 before SET: closed, or answering Init Fail 1. Both were seen. */
	beforeSet: 'refuse' | 'initFail';
	/** The Wi-Fi goes off after this time without an initiator, or without PTP mode. */
	idleMs: number;
	/** The event connection must follow within this time. */
	handshakeMs: number;
	/** A saved or chosen computer must be found within this time. */
	connectingMs: number;
	/** Delay between "Connected to device" and the opening of the port. */
	portDelayMs: number;
	/** How long the change into PTP mode takes. An unlock before its end is lost (chdkptp waits 250 ms). */
	blackoutMs: number;
	/** Presses SET automatically this long after a computer is listed; with `pick` only for this computer. */
	autoSet: { afterMs: number; pick?: string | undefined } | undefined;
}

/** Whether the camera multicasts searches. */
export function searches(state: ComputerState): boolean {
	return state.at === 'listing' || state.at === 'connecting';
}

/** Returns what port 15740 does in a state. */
export function computerPortState(state: ComputerState, rules: ComputerRules): PortState {
	switch (state.at) {
		case 'off':
			return 'closed';
		case 'listing':
		case 'connecting':
			return rules.beforeSet === 'initFail' ? 'refusing' : 'closed';
		case 'connected':
			return state.portOpen ? 'accepting' : rules.beforeSet === 'initFail' ? 'refusing' : 'closed';
		default:
			return 'refusing';
	}
}

/** Returns what the screen shows in a state. `picture` is the name of the latest picture on the card. */
export function computerScreen(state: ComputerState, picture: string | null): ScreenContents {
	switch (state.at) {
		case 'off':
			return { shows: 'off' };
		case 'listing':
			return { shows: 'computers', names: state.computers.map(({ name }) => name), cursor: state.cursor };
		case 'connecting':
			return { shows: 'connecting', name: state.wanted.map(({ name }) => name).join(', ') };
		case 'connected':
		case 'handshake':
		case 'session':
			return { shows: 'connected', name: state.computer.name };
		case 'ptpMode':
			if (state.display === 'black') return { shows: 'black', keys: state.keys };
			return state.display === 'on' || state.wasOn === true
				? { shows: 'playback', picture }
				: { shows: 'connected', name: state.computer.name };
	}
}
