/** What the state machines of all modes share: inputs, effects, and how a round ends. */
import type { InitiatorFacts } from '#protocol/ptpip/responder/acceptor.ts';
import type { OffReason, SimulatorEvent } from '../events.ts';

/** A key of the camera. */
export type Key = 'up' | 'down' | 'set' | 'cancel' | 'power';

/** The firmware's timers. Each runs at most once at a time; starting it again restarts it. */
export const TIMERS = ['idle', 'handshake', 'connecting', 'portDelay', 'blackout', 'autoSet', 'confirm'] as const;
/** The name of a timer. */
export type TimerName = (typeof TIMERS)[number];

/** A computer that answered the search and whose description was accepted. */
export interface Computer {
	uuid: string;
	/** As the camera lists it: the part before the first `:`. */
	name: string;
	/** Address that the answer came from. */
	address: string;
}

/** A computer or phone that the camera has saved. */
export interface Paired {
	uuid: string;
	name: string;
}

/** The camera accepts the initiator, or closes the connection without an answer (EOS with a wrong GUID). */
export type Decision = 'accept' | 'drop';

/** What the port does: nothing listens, every initiator gets Init Fail, or it accepts one. */
export type PortState = 'closed' | 'refusing' | 'accepting';

/** The inputs of every mode. */
export type Input =
	| { type: 'powerOn'; scenario: 'pair' | 'reconnect'; paired: readonly Paired[] }
	/** A computer answered the search and its description was accepted. */
	| { type: 'computerFound'; computer: Computer }
	| { type: 'pressed'; key: Key }
	/** The user moves to this name and presses SET. */
	| { type: 'chosen'; name: string }
	/** An Init Command Request came while the port was accepting. It waits for the effect `admit`. */
	| { type: 'initiatorAsks'; initiator: InitiatorFacts }
	/** Its event connection followed. */
	| { type: 'eventConnected' }
	/** OpenSession was answered with OK. */
	| { type: 'sessionOpened' }
	/** GetObjectHandles or 0x9801 was done. */
	| { type: 'ptpModeAsked' }
	/** An operation came, and was answered. */
	| { type: 'operationBegun' }
	| { type: 'operationDone'; code: number }
	/** A script posted a logical event to the user interface. */
	| { type: 'levent'; number: number }
	/** The connection or a fault ends the round. */
	| { type: 'ended'; why: OffReason }
	| { type: 'expired'; timer: TimerName };

/** What a step asks for. */
export type Effect =
	| { do: 'start'; timer: TimerName; ms: number }
	| { do: 'stop'; timer: TimerName }
	/** Answers the waiting initiator with an Ack, or closes its connection without an answer. */
	| { do: 'admit'; admission: Decision }
	| { do: 'remember'; computer: Paired }
	| { do: 'emit'; event: SimulatorEvent };

/** An initiator was accepted, and its event connection has not come yet. The same in every mode. */
export type Handshake = { at: 'handshake'; computer: Computer };
/** Both connections are open. `opened`: OpenSession was answered with OK at least once. */
export type InSession = { at: 'session'; computer: Computer; opened: boolean };

/** What the shared steps need to know about a mode. */
export interface ModeRules<S> {
	/** Why the Wi-Fi goes off when the idle timer expires in this state. */
	idle(state: S): OffReason;
	/** A PTP session was opened in this round. */
	hadSession(state: S): boolean;
	portState(state: S): PortState;
}

/** Does the steps that are the same in every state of every mode: the end of a round, and an initiator that comes too late. */
export function sharedStep<S extends { at: string }>(
	state: S | { at: 'off' },
	input: { type: string },
	mode: ModeRules<S | { at: 'off' }>,
): [S | { at: 'off' }, ...Effect[]] | undefined {
	const why = whyOver(state, input as Input, mode);
	if (why !== undefined) return switchOff(state, why, mode);
	// The port was accepting when the request came, but has stopped since.
	if (input.type === 'initiatorAsks' && mode.portState(state) !== 'accepting') return [state, { do: 'admit', admission: 'drop' }];
	return undefined;
}

function whyOver<S>(state: S, input: Input, mode: ModeRules<S>): OffReason | undefined {
	if (input.type === 'ended') return input.why;
	if (input.type === 'pressed' && input.key === 'power') return 'powerOff';
	if (input.type !== 'expired') return undefined;
	return input.timer === 'idle' ? mode.idle(state) : input.timer === 'handshake' ? 'eventConnectionMissing' : undefined;
}

/** Switches the Wi-Fi off: stops every timer and ends the round. */
export function switchOff<S extends { at: string }>(
	state: S | { at: 'off' },
	why: OffReason,
	{ hadSession }: Pick<ModeRules<S | { at: 'off' }>, 'hadSession'>,
): [S | { at: 'off' }, ...Effect[]] {
	if (state.at === 'off') return [state];
	return [
		{ at: 'off' },
		...TIMERS.map((timer) => ({ do: 'stop', timer }) as const),
		{ do: 'emit', event: { type: 'wifiOff', why, session: hadSession(state) } },
	];
}

/** Reports that SET would have been pressed if there were only one name to choose from. */
export function undecided(list: readonly { name: string }[]): Effect {
	return { do: 'emit', event: { type: 'undecided', names: list.map(({ name }) => name) } };
}

/** Runs the idle timer in a session from the answer of one operation to the next one, so that a long transfer does not count as silence. */
export function silence(input: { type: string }, { silenceMs }: { silenceMs: number }): Effect[] {
	if (input.type === 'operationBegun') return [{ do: 'stop', timer: 'idle' }];
	return input.type === 'operationDone' ? [{ do: 'start', timer: 'idle', ms: silenceMs }] : [];
}
