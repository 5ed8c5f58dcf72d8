/**
 * The initiator's half of the PTP-IP handshake: two connections, four packets. A pure reducer; `initiator/dial.ts` holds
 * sockets and timers, feeds it inputs and performs its effects.
 */

import { NO_PTPIP } from './not-a-camera.ts';
import { type Packet, PTPIP_1_0 } from './packet.ts';

/** The two TCP connections of a PTP-IP session. */
export type ChannelName = 'command' | 'event';

/** How this computer introduces itself. */
export interface Initiator {
	/** Sixteen bytes. */
	guid: Uint8Array;
	friendlyName: string;
}

/** What the camera says about itself in its Init Command Ack. */
export interface Acknowledged {
	connectionNumber: number;
	guid: Uint8Array;
	/** Unchecked text from the camera. */
	friendlyName: string;
}

/** Why the handshake failed. `said` is part of a sentence for people and may contain the camera's own text. */
export type HandshakeFailure =
	/** TCP was refused, reset or closed, or something other than a camera answered. */
	| { outcome: 'refused'; said: string }
	/** The camera sent Init Fail. */
	| { outcome: 'rejected'; reason: number; said: string }
	/** No answer came in time. */
	| { outcome: 'noAnswer'; said: string };

export type HandshakeState =
	| { at: 'idle' | 'commandOpening' | 'commandInit' }
	| { at: 'eventOpening'; camera: Acknowledged; tries: number }
	| { at: 'eventInit'; camera: Acknowledged }
	| { at: 'open'; camera: Acknowledged }
	| { at: 'failed'; failure: HandshakeFailure };

export type HandshakeInput =
	| { type: 'start' }
	| { type: 'opened'; channel: ChannelName }
	/** TCP refused the connection. */
	| { type: 'refused'; channel: ChannelName; why: string }
	/** No route, or no answer to SYN. */
	| { type: 'unreachable'; channel: ChannelName; why: string }
	| { type: 'closed'; channel: ChannelName; why: string }
	| { type: 'packet'; channel: ChannelName; packet: Packet }
	| { type: 'malformed'; channel: ChannelName; why: string }
	/** The time limit of the current step has passed. */
	| { type: 'timeout' };

export type HandshakeEffect =
	| { do: 'open'; channel: ChannelName; afterMs: number }
	| { do: 'send'; channel: ChannelName; packet: Packet }
	/** Close both connections; `state.failure` says why. */
	| { do: 'close' };

/** How often a refused event connection is tried again (libgphoto2 ptpip.c). */
export const EVENT_RETRIES = 2;
/** Milliseconds between these tries (libgphoto2 ptpip.c). */
export const EVENT_RETRY_MS = 100;

const failed = (failure: HandshakeFailure): [HandshakeState, ...HandshakeEffect[]] => [{ at: 'failed', failure }, { do: 'close' }];

const STEPS = {
	idle: 'the start',
	commandOpening: 'opening the command connection',
	commandInit: 'Init Command Request',
	eventOpening: 'opening the event connection',
	eventInit: 'Init Event Request',
} as const;

/** Returns the next state and the effects to perform. A packet out of turn fails the handshake: no camera sends one. */
export function handshake(state: HandshakeState, input: HandshakeInput, me: Initiator): [HandshakeState, ...HandshakeEffect[]] {
	if (state.at === 'failed' || state.at === 'open') return [state];
	const step = STEPS[state.at];
	switch (input.type) {
		case 'start':
			return [{ at: 'commandOpening' }, { do: 'open', channel: 'command', afterMs: 0 }];
		case 'timeout':
			return failed({ outcome: 'noAnswer', said: `no answer to ${step}` });
		case 'unreachable':
			return failed({ outcome: 'noAnswer', said: input.why });
		case 'malformed':
			return failed({ outcome: 'refused', said: `${NO_PTPIP}${input.why}` });
		case 'closed':
			return failed({ outcome: 'refused', said: `${input.why} during ${step}` });
		case 'refused':
			if (state.at === 'eventOpening' && state.tries < EVENT_RETRIES)
				return [
					{ ...state, tries: state.tries + 1 },
					{ do: 'open', channel: 'event', afterMs: EVENT_RETRY_MS },
				];
			return failed({ outcome: 'refused', said: input.why });
		case 'opened':
			if (state.at === 'commandOpening' && input.channel === 'command')
				return [
					{ at: 'commandInit' },
					{ do: 'send', channel: 'command', packet: { kind: 'initCommandRequest', ...me, version: PTPIP_1_0 } },
				];
			if (state.at === 'eventOpening' && input.channel === 'event')
				return [
					{ at: 'eventInit', camera: state.camera },
					{ do: 'send', channel: 'event', packet: { kind: 'initEventRequest', connectionNumber: state.camera.connectionNumber } },
				];
			return [state];
		case 'packet':
			return packetCame(state, input.channel, input.packet);
	}
}

function packetCame(
	state: Exclude<HandshakeState, { at: 'failed' | 'open' }>,
	channel: ChannelName,
	packet: Packet,
): [HandshakeState, ...HandshakeEffect[]] {
	if (packet.kind === 'initFail') return failed({ outcome: 'rejected', reason: packet.reason, said: `Init Fail, reason ${packet.reason}` });
	if (packet.kind === 'probeRequest') return [state, { do: 'send', channel, packet: { kind: 'probeResponse' } }];
	if (packet.kind === 'initCommandAck' && state.at === 'commandInit' && channel === 'command') {
		const { connectionNumber, guid, friendlyName } = packet;
		return [
			{ at: 'eventOpening', camera: { connectionNumber, guid, friendlyName }, tries: 0 },
			{ do: 'open', channel: 'event', afterMs: 0 },
		];
	}
	if (packet.kind === 'initEventAck' && state.at === 'eventInit' && channel === 'event') return [{ at: 'open', camera: state.camera }];
	return failed({ outcome: 'refused', said: `${NO_PTPIP}${packet.kind} in answer to ${STEPS[state.at]}` });
}
