/** A held camera on 127.0.0.1: the software camera behind, the proxy in front, clients made of bytes or of our own initiator. */
import { connect, type Socket } from 'node:net';
import type { Clock } from '#base/clock.ts';
import type { Event, EventType } from '#contract/events.ts';
import { cameraProxies } from '#hold/camera-proxy.ts';
import type { CameraProxy, CameraProxyOptions } from '#hold/ports.ts';
import type { HoldLimits } from '#hold/rules/limits.ts';
import type { PtpipConnection } from '#protocol/ptpip/initiator/connection.ts';
import { dial } from '#protocol/ptpip/initiator/dial.ts';
import type { Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';

import { runSession } from '#session/running.ts';
import { systemClock } from '#system/clock.ts';
import { softwareCamera, type TestCamera } from '../builtin/software-camera.ts';
import type { AttemptEnd } from '../support/attempt.ts';

export const HOST = '127.0.0.1';
const UUID = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';

/** One session of the proxy with the camera. */
export interface Taken {
	ended: Promise<AttemptEnd>;
	answers(): Promise<boolean>;
	stop(): void;
}

export interface World {
	camera: TestCamera;
	proxy: CameraProxy;
	events: Event[];
	/** The first event of this type, past or to come. */
	event<T extends EventType>(type: T, is?: (event: Extract<Event, { type: T }>) => boolean): Promise<Extract<Event, { type: T }>>;
	/** Takes the camera; resolves when clients can use it. */
	take(port?: number): Promise<Taken>;
	/** A client with an open session. */
	client(name?: string): Promise<PtpipConnection>;
	[Symbol.asyncDispose](): Promise<void>;
}

export interface WorldOptions {
	camera?: Parameters<typeof softwareCamera>[0];
	proxy?: Partial<CameraProxyOptions>;
	clients?: Partial<HoldLimits>;
	limits?: Partial<Timeouts>;
	clock?: Clock;
	unlock?: 'auto' | 'never';
}

/** A proxy whose camera is there and taken. */
export async function world(options: WorldOptions = {}): Promise<World> {
	const made = await worldWithoutCamera(options);
	await made.take();
	return made;
}

export async function worldWithoutCamera(options: WorldOptions = {}): Promise<World> {
	const camera = await softwareCamera(options.camera);
	const events: Event[] = [];
	const waiting = new Set<() => void>();
	const emit = (event: Event) => {
		events.push(event);
		for (const look of waiting) look();
	};
	const proxy = await cameraProxies({
		clock: options.clock ?? systemClock,
		...(options.limits === undefined ? {} : { limits: options.limits }),
		...(options.clients === undefined ? {} : { clientLimits: options.clients }),
	}).open(
		{ id: null, address: HOST, port: 0, mayMove: false, passThrough: new Set(), waitClients: false, keepalive: 'auto', ...options.proxy },
		emit,
	);
	const runs: Taken[] = [];
	const event: World['event'] = (type, is = () => true) =>
		new Promise((resolve) => {
			const look = () => {
				const found = events.find((one) => one.type === type && is(one as never));
				if (found === undefined) return;
				waiting.delete(look);
				resolve(found as never);
			};
			waiting.add(look);
			look();
		});
	const connections: PtpipConnection[] = [];
	return {
		camera,
		proxy,
		events,
		event,
		async take(port = camera.port) {
			const stopping = new AbortController();
			const result = await proxy.connect(
				{
					address: HOST,
					port,
					identity: { uuid: UUID, name: null, created: '2026-01-01T00:00:00Z' },
					name: 'studio',
					os: 'auto',
					unlock: options.unlock ?? 'auto',
				},
				emit,
				stopping.signal,
			);
			if (result.outcome !== 'session') {
				const end: AttemptEnd = result.outcome === 'finished' ? { ...result.end, outcome: 'session' } : result;
				return { ended: Promise.resolve(end), answers: async () => false, stop: () => {} };
			}
			emit({ type: 'connected', tool: 'builtin', address: HOST, ...result.info });
			const ended = runSession(result, stopping.signal).then((end): AttemptEnd => ({ ...end, outcome: 'session' }));
			const run = { ended, answers: async () => (await result.answers?.()) ?? false, stop: () => stopping.abort() };
			runs.push(run);
			await Promise.resolve();
			return run;
		},
		async client(name = 'client') {
			const { connection, failure } = await dial({
				host: HOST,
				port: proxy.port,
				guid: new Uint8Array(16),
				name,
				signal: AbortSignal.timeout(20_000),
			});
			if (connection === undefined) throw new Error(failure.said);
			connections.push(connection);
			const { code } = await connection.transact({ code: 0x1002, params: [1] });
			if (code !== 0x2001) throw new Error(`OpenSession: ${code}`);
			return connection;
		},
		async [Symbol.asyncDispose]() {
			for (const connection of connections) await connection.close();
			for (const { stop } of runs) stop();
			await Promise.all(runs.map(({ ended }) => ended));
			await proxy.close();
			await camera[Symbol.asyncDispose]();
		},
	};
}

/** A connection of a client that does as it pleases. */
export function rawSocket(port: number): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const socket = connect({ host: HOST, port }, () => resolve(socket));
		socket.once('error', reject);
		socket.on('error', () => {});
	});
}

/** `length` bytes that differ from place to place. */
export function pattern(length: number, seed = 1): Uint8Array {
	const bytes = new Uint8Array(length);
	let state = seed >>> 0 || 1;
	for (let i = 0; i < length; i++) {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		bytes[i] = state >>> 24;
	}
	return bytes;
}
