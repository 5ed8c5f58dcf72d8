/** The camera's end of a connection: a responder's socket with the camera's rate and faults. */
import type { Socket } from 'node:net';
import { PeerSocket } from '#protocol/ptpip/responder/peer-socket.ts';
import type { SimulatorClock } from '../clock.ts';
import { CameraWriter } from './camera-writer.ts';
import { RateLimiter } from './rate-limiter.ts';

/** The initiator is slowed down above this many unread payload bytes or packets. */
const UNREAD = { unreadBytes: 1024 * 1024, unreadFrames: 1024 };
/** How long a refused initiator may keep the connection open, in milliseconds. */
const LINGER_MS = 2000;

/** A connection to the camera. */
export type CameraConnection = PeerSocket<CameraWriter>;

/**
 * Wraps an accepted socket.
 * @param rate bytes per second for payloads, in each direction; not limited if absent
 */
export function cameraConnection(socket: Socket, clock: SimulatorClock, rate?: number): CameraConnection {
	const out = new CameraWriter(socket, rate === undefined ? undefined : { limiter: new RateLimiter(rate), clock }, (how) => {
		if (how === 'reset') connection.destroy('a fault');
		else connection.end('a fault');
	});
	const connection: CameraConnection = new PeerSocket(socket, out, {
		...UNREAD,
		lingerMs: LINGER_MS,
		pace: rate === undefined ? undefined : (bytes) => out.slow(bytes),
		timers: clock,
	});
	return connection;
}
