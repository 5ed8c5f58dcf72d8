/** Runs the handshake reducer on real sockets and timers. It performs effects and decides nothing. */

import { REAL_TIMERS, type Timers } from '#base/timers.ts';
import {
	type ChannelName,
	type HandshakeEffect,
	type HandshakeFailure,
	type HandshakeInput,
	type HandshakeState,
	handshake,
	type Initiator,
} from '../handshake.ts';
import { Channel, type ChannelEnd, type ChannelReader } from './channel.ts';
import { PtpipConnection } from './connection.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts.ts';

export interface DialOptions {
	/** IPv4 address of the camera. */
	host: string;
	/** TCP port; `PTPIP_PORT` on every real camera. */
	port: number;
	/** Sixteen bytes that identify this computer. */
	guid: Uint8Array;
	/** This computer's name. */
	name: string;
	/** Address of this computer to connect from. */
	localAddress?: string | undefined;
	timeouts?: Partial<Timeouts> | undefined;
	/** Replaces this computer's timers, for the handshake and for the connection. */
	timers?: Timers | undefined;
	signal: AbortSignal;
}

/** An open connection, or why there is none. */
export type Dialled = { connection: PtpipConnection; failure?: undefined } | { connection?: undefined; failure: HandshakeFailure };

/** 4 × 512 KiB take in a whole socket buffer at once, and let one be written to disk while the next is filled. */
const COMMAND_BUFFERS = { bufferBytes: 512 * 1024, buffers: 4 };
const EVENT_BUFFERS = { bufferBytes: 4096, buffers: 2 };

/**
 * Connects to a camera, which takes one connection only. A camera that refuses is a result and not an error, because the
 * caller tries again until the camera's user has pressed SET. Rejects only with the signal's reason.
 */
export async function dial(options: DialOptions): Promise<Dialled> {
	options.signal.throwIfAborted();
	const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
	const me: Initiator = { guid: options.guid, friendlyName: options.name };
	const channels = new Map<ChannelName, Channel>();
	const { timers = REAL_TIMERS } = options;
	const waits = new Set<() => void>();
	// Asserted, because the compiler does not see that the callbacks below change it.
	let state = { at: 'idle' } as HandshakeState;

	const timeoutOf = (at: HandshakeState['at']): number =>
		at === 'commandInit' ? timeouts.ackMs : at === 'eventInit' ? timeouts.eventMs : timeouts.connectMs;

	try {
		return await new Promise<Dialled>((resolve, reject) => {
			let cancelTimeout = () => {};
			const onAbort = () => reject(options.signal.reason);
			options.signal.addEventListener('abort', onAbort, { once: true });
			const settled = () => {
				options.signal.removeEventListener('abort', onAbort);
				cancelTimeout();
			};

			const input = (next: HandshakeInput) => {
				const before = state.at;
				const [after, ...effects] = handshake(state, next, me);
				state = after;
				if (state.at !== before) {
					cancelTimeout();
					cancelTimeout = timers.after(timeoutOf(state.at), () => input({ type: 'timeout' }));
					waits.add(cancelTimeout);
				}
				for (const effect of effects) perform(effect);
				if (before === state.at) return;
				if (state.at === 'failed') {
					settled();
					resolve({ failure: state.failure });
				} else if (state.at === 'open') {
					settled();
					const command = channels.get('command') as Channel;
					const event = channels.get('event') as Channel;
					resolve({ connection: new PtpipConnection(command, event, state.camera, timeouts, timers) });
				}
			};

			const perform = (effect: HandshakeEffect) => {
				if (effect.do === 'close') return closeAll(channels);
				if (effect.do === 'send') return channels.get(effect.channel)?.send(effect.packet);
				const { channel } = effect;
				if (effect.afterMs === 0) return open(channel);
				waits.add(timers.after(effect.afterMs, () => open(channel)));
			};

			const open = (name: ChannelName) => {
				const buffers = name === 'command' ? COMMAND_BUFFERS : EVENT_BUFFERS;
				const { host, port, localAddress } = options;
				channels.set(name, new Channel({ host, port, localAddress, ...buffers }, reader(name, input)));
			};
			input({ type: 'start' });
		});
	} finally {
		for (const cancel of waits) cancel();
		if (state.at !== 'open' || options.signal.aborted) closeAll(channels);
	}
}

function reader(channel: ChannelName, input: (input: HandshakeInput) => void): ChannelReader {
	return {
		opened: () => input({ type: 'opened', channel }),
		frame: (frame) => {
			if (frame.type === 'packet') input({ type: 'packet', channel, packet: frame.packet });
			return undefined;
		},
		ended: ({ kind, why }: ChannelEnd) => input({ type: kind, channel, why }),
	};
}

function closeAll(channels: Map<ChannelName, Channel>): void {
	for (const channel of channels.values()) channel.destroy();
}
