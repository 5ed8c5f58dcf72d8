/** Where the firmware is in the "connect to a computer" flow, and what follows from that alone. */
import type { CameraOs } from '#protocol/chdk/os.ts';
import type { CameraScreen } from '../../events.ts';
import type { Computer, Handshake, InSession, Paired, PortState } from '../machine.ts';

export type ComputerState =
	| { at: 'off' }
	/** Searching, computers on the screen. */
	| { at: 'listing'; computers: readonly Computer[]; cursor: number }
	/** Searching again, for these only: the chosen one, or all that are remembered. */
	| { at: 'connecting'; wanted: readonly Paired[]; add: boolean }
	/** "Connected to device NAME". `portOpen` is false while the port is still starting. */
	| { at: 'connected'; computer: Computer; portOpen: boolean }
	| Handshake
	| InSession
	/** After GetObjectHandles or 0x9801. `turning`: the change to the black screen is not finished; `wasOn`: it was unlocked before. */
	| { at: 'ptpMode'; computer: Computer; display: 'turning' | 'black' | 'on'; wasOn?: boolean; keys: 'locked' | 'free' };

/** Firmware facts and limits that the reducer goes by. Milliseconds. */
export interface ComputerRules {
	os: CameraOs;
	/** 15740 before SET: closed, or answering Init Fail 1 (both were seen). */
	beforeSet: 'refuse' | 'initFail';
	/** Without initiator, or without PTP mode, the Wi-Fi goes off after this. */
	idleMs: number;
	/** The event connection must follow within this. */
	handshakeMs: number;
	/** A remembered or chosen computer must be found within this. */
	connectingMs: number;
	/** Between "Connected to device" and the port taking connections. */
	portDelayMs: number;
	/** The firmware's change into PTP mode; an unlock before its end is lost (chdkptp waits 250 ms for it). */
	blackoutMs: number;
	/** Who presses SET: nobody, or by itself this long after the computer is listed; `pick`: only this one. */
	autoSet: { afterMs: number; pick?: string } | undefined;
}

/** Whether the camera multicasts searches. */
export function searches(state: ComputerState): boolean {
	return state.at === 'listing' || state.at === 'connecting';
}

/** What port 15740 does in this state. */
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

/** What the screen shows. `picture`: name of the latest picture on the card. */
export function computerScreen(state: ComputerState, picture: string | null): CameraScreen {
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
