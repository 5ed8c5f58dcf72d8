/** What the firmware's state machines of all modes share: inputs, effects, and how a round ends. */
import type { InitiatorFacts } from '#protocol/ptpip/responder/acceptor.ts';
import type { OffReason, SimulatorEvent } from '../events.ts';

export type Key = 'up' | 'down' | 'set' | 'cancel' | 'power';

/** Limits that run out. Each runs at most once at a time; starting it again begins from zero. */
export const TIMERS = ['idle', 'handshake', 'connecting', 'portDelay', 'blackout', 'autoSet', 'confirm'] as const;
export type TimerName = (typeof TIMERS)[number];

/** A computer that answered the search and whose description was accepted. */
export interface Computer {
	uuid: string;
	/** As the camera lists it: what stands before the first `:`. */
	name: string;
	/** Address that answered. */
	address: string;
}

/** A computer or phone that the camera remembers. */
export interface Paired {
	uuid: string;
	name: string;
}

/** The camera takes the initiator, or closes the connection without a word (EOS with a wrong GUID). */
export type Decision = 'accept' | 'drop';

/** What the port does: nothing listens, every initiator gets Init Fail, or it takes one. */
export type PortState = 'closed' | 'refusing' | 'accepting';

export type Input =
	| { type: 'powerOn'; scenario: 'pair' | 'reconnect'; paired: readonly Paired[] }
	/** A computer answered the search and its description was accepted. */
	| { type: 'computerFound'; computer: Computer }
	| { type: 'pressed'; key: Key }
	/** The person moves to this name and presses SET. */
	| { type: 'chosen'; name: string }
	/** An Init Command Request came while the port takes one; it waits for the effect `admit`. */
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
	/** What ends a round from outside: the connection, or a fault. */
	| { type: 'ended'; why: OffReason }
	| { type: 'expired'; timer: TimerName };

export type Effect =
	| { do: 'start'; timer: TimerName; ms: number }
	| { do: 'stop'; timer: TimerName }
	/** Answers the initiator that asks: Ack, or the connection is dropped without a word. */
	| { do: 'admit'; admission: Decision }
	| { do: 'remember'; computer: Paired }
	| { do: 'emit'; event: SimulatorEvent };

/** States in which an initiator has been let in, the same in every mode. */
export type Handshake = { at: 'handshake'; computer: Computer };
/** Both connections stand. `opened`: OpenSession was answered with OK at least once. */
export type InSession = { at: 'session'; computer: Computer; opened: boolean };

/** What the shared steps must know about a mode. */
export interface ModeRules<S> {
	/** Why the camera leaves when the limit of idleness runs out in this state. */
	idle(state: S): OffReason;
	/** A PTP session was opened in this round. */
	hadSession(state: S): boolean;
	portState(state: S): PortState;
}

/** Steps that are the same in every state of every mode: the end of a round, and an initiator that comes too late. */
export function sharedStep<S extends { at: string }>(
	state: S | { at: 'off' },
	input: { type: string },
	mode: ModeRules<S | { at: 'off' }>,
): [S | { at: 'off' }, ...Effect[]] | undefined {
	const why = whyOver(state, input as Input, mode);
	if (why !== undefined) return switchOff(state, why, mode);
	// The port was open when it came, and is not any more.
	if (input.type === 'initiatorAsks' && mode.portState(state) !== 'accepting') return [state, { do: 'admit', admission: 'drop' }];
	return undefined;
}

function whyOver<S>(state: S, input: Input, mode: ModeRules<S>): OffReason | undefined {
	if (input.type === 'ended') return input.why;
	if (input.type === 'pressed' && input.key === 'power') return 'powerOff';
	if (input.type !== 'expired') return undefined;
	return input.timer === 'idle' ? mode.idle(state) : input.timer === 'handshake' ? 'eventConnectionMissing' : undefined;
}

/** The Wi-Fi goes off: every limit stops, and the round is over. */
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

/** Told each time that SET would have been pressed. */
export function undecided(list: readonly { name: string }[]): Effect {
	return { do: 'emit', event: { type: 'undecided', names: list.map(({ name }) => name) } };
}

/** Silence in a session begins when an operation is answered, and ends when one comes: a long transfer is none. */
export function silence(input: { type: string }, { silenceMs }: { silenceMs: number }): Effect[] {
	if (input.type === 'operationBegun') return [{ do: 'stop', timer: 'idle' }];
	return input.type === 'operationDone' ? [{ do: 'start', timer: 'idle', ms: silenceMs }] : [];
}
