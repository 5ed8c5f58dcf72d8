/**
 * The initiator's half of PTP-IP's handshake: two connections, four packets. A pure reducer; the adapter holds the
 * sockets and the timers, feeds inputs and performs effects.
 */

import { NO_PTPIP } from './not-a-camera.ts';
import { type Packet, PTPIP_1_0 } from './packet.ts';

/** The two TCP connections of a PTP-IP session. */
export type ChannelName = 'command' | 'event';

/** This computer as the camera sees it. */
export interface Initiator {
	/** Sixteen bytes. */
	guid: Uint8Array;
	friendlyName: string;
}

/** The camera as its Init Command Ack tells it. */
export interface Acknowledged {
	connectionNumber: number;
	guid: Uint8Array;
	/** Unchecked text from the camera. */
	friendlyName: string;
}

/** Why there is no connection. `said` is a sentence part for people; it may hold the camera's own words. */
export type HandshakeFailure =
	/** TCP refused, reset or closed, or something that is no camera answered. */
	| { outcome: 'refused'; said: string }
	/** Init Fail. */
	| { outcome: 'rejected'; reason: number; said: string }
	/** Nothing came back in time. */
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
	/** Nobody there: no route, no answer to SYN. */
	| { type: 'unreachable'; channel: ChannelName; why: string }
	| { type: 'closed'; channel: ChannelName; why: string }
	| { type: 'packet'; channel: ChannelName; packet: Packet }
	| { type: 'malformed'; channel: ChannelName; why: string }
	/** The limit of the present step is over. */
	| { type: 'timeout' };

export type HandshakeEffect =
	| { do: 'open'; channel: ChannelName; afterMs: number }
	| { do: 'send'; channel: ChannelName; packet: Packet }
	/** Close both connections: `state.failure` says why. */
	| { do: 'close' };

/** A refused event connection is tried again this often and this far apart, in milliseconds (libgphoto2 ptpip.c). */
export const EVENT_RETRIES = 2;
export const EVENT_RETRY_MS = 100;

const failed = (failure: HandshakeFailure): [HandshakeState, ...HandshakeEffect[]] => [{ at: 'failed', failure }, { do: 'close' }];

const STEPS = {
	idle: 'the start',
	commandOpening: 'opening the command connection',
	commandInit: 'Init Command Request',
	eventOpening: 'opening the event connection',
	eventInit: 'Init Event Request',
} as const;

/** The next state and what is to be done. Packets out of turn end the attempt: whoever sends them is no camera. */
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
