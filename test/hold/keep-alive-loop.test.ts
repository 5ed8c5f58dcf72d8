/** Between the clients' operations: the screen is given back, the camera is kept awake, and neither is felt. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { perform } from '#protocol/ptpip/initiator/operations.ts';
import { eosRebelT6 } from '#simulator/models/eos-rebel-t6.ts';
import { handClock } from '../support/flow-world.ts';
import { type World, world, worldWithoutCamera } from './world.ts';

const HANDLES = { code: 0x1007, params: [0xffffffff, 0, 0] };
const STORAGES = { code: 0x1004 };

const asked = ({ camera }: World) => camera.events.flatMap((event) => (event.type === 'operation' ? [event.name] : []));
const count = (names: readonly string[], name: string) => names.filter((one) => one === name).length;
const until = async (is: () => boolean) => {
	while (!is()) await sleep(5);
};

/** A way to the camera that from one moment on carries nothing: no byte, no end. */
async function freezable(to: number): Promise<{ port: number; freeze(): void; close(): void }> {
	const sockets: Socket[] = [];
	let frozen = false;
	const server = createServer((socket) => {
		const camera = connect({ host: '127.0.0.1', port: to });
		sockets.push(socket, camera);
		for (const [from, onto] of [
			[socket, camera],
			[camera, socket],
		] as const) {
			from.on('error', () => {});
			from.on('data', (bytes) => void (frozen || onto.write(bytes)));
		}
	});
	await once(server.listen({ host: '127.0.0.1', port: 0 }), 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		freeze: () => {
			frozen = true;
		},
		close: () => {
			server.close();
			for (const socket of sockets) socket.destroy();
		},
	};
}

describe('the screen', () => {
	test('is unlocked after each GetObjectHandles of a client', async () => {
		await using one = await world({ proxy: { keepalive: 'off' } });
		// Nothing has blackened it so far.
		expect(one.camera.levents).toEqual([]);
		const client = await one.client();
		await perform(client, HANDLES);
		await until(() => one.camera.levents.length > 0);
		expect(one.camera.levents).toEqual([4482]);
		expect(await one.event('unlock', ({ done }) => done)).toMatchObject({ levent: 4482, os: 'dryos' });
		await perform(client, HANDLES);
		await until(() => one.camera.levents.length > 1);
	});

	test('stays locked with --unlock never, and without CHDK', async () => {
		const clock = handClock();
		await using left = await world({ clock, proxy: { keepalive: 'off' }, unlock: 'never' });
		await using without = await world({ clock, proxy: { keepalive: 'off' }, camera: { chdk: false } });
		for (const one of [left, without]) {
			const client = await one.client();
			await perform(client, HANDLES);
			const before = asked(one).length;
			await clock.advance(60_000);
			// What hold wanted of the camera would be in front of this.
			await perform(client, STORAGES);
			expect(asked(one).slice(before)).toEqual(['getStorageIDs']);
			expect(one.camera.levents).toEqual([]);
		}
	});

	test('is unlocked after a client’s script, and the script’s messages are left to the client', async () => {
		const clock = handClock();
		await using one = await world({ clock, proxy: { keepalive: 'off' } });
		const client = await one.client();
		const source = new TextEncoder().encode('read_usb_msg(60000) return 42\0');
		const chdk = (params: readonly number[]) => perform(client, { code: 0x9999, params });
		await perform(client, { ...HANDLES });
		const started = await perform(client, { code: 0x9999, params: [7, 0], send: { total: source.length, pieces: [source] } });
		for (let half = 0; half < 6; half++) {
			await clock.advance(500);
			// What hold wanted of the camera is in front of this.
			expect((await chdk([8])).params).toEqual([1]);
		}
		expect(one.camera.levents).toEqual([]);
		await perform(client, { code: 0x9999, params: [11, 0], send: { total: 1, pieces: [Uint8Array.of(1)] } });
		// It runs to its end, its value is there, and it is the client that reads it.
		await until(() => one.camera.events.every((event) => event.type !== 'fault'));
		for (;;) {
			const [status = 0] = (await chdk([8])).params;
			if (status === 2) break;
			await sleep(20);
		}
		const message = await perform(client, { code: 0x9999, params: [10] });
		expect(message.params.slice(0, 3)).toEqual([2, 3, started.params[0]]);
		await clock.advance(1000);
		await until(() => one.camera.levents.length > 0);
		expect(one.camera.levents).toEqual([4482]);
		expect((await chdk([8])).params).toEqual([0]);
	});
});

describe('keep-alive', () => {
	const told = (one: World) => one.events.filter(({ type }) => type === 'keepalive').length;

	test('keeps a camera that leaves after 20 s without an operation for an hour, with an operation every ten seconds', async () => {
		const clock = handClock();
		await using one = await world({ clock, camera: { idle: { clock, limitMs: 20_000 } } });
		const before = asked(one).length;
		for (let second = 0; second < 3600 && one.camera.lost() === undefined; second += 10) {
			const seen = asked(one).length;
			await clock.advance(10_000);
			await until(() => asked(one).length > seen || one.camera.lost() !== undefined);
			// The answer is in, and with it the next time is set.
			await until(() => told(one) === asked(one).length - before + 1 || one.camera.lost() !== undefined);
		}
		expect(one.camera.lost()).toBeUndefined();
		const sent = asked(one).slice(before);
		expect(sent).toHaveLength(360);
		expect(new Set(sent)).toEqual(new Set(['getStorageIDs']));
		expect(one.proxy.status()).toMatchObject({ keepalive: 'GetStorageIDs', state: 'connected', sessions: 1, age: 3600 });
	});

	test('that is off loses the same camera', async () => {
		const clock = handClock();
		await using one = await worldWithoutCamera({
			clock,
			unlock: 'never',
			proxy: { keepalive: 'off' },
			camera: { idle: { clock, limitMs: 20_000 } },
		});
		const { ended } = await one.take();
		await clock.advance(19_000);
		expect(one.camera.lost()).toBeUndefined();
		await clock.advance(1000);
		expect(one.camera.lost()).toBe('idle for too long');
		expect(await ended).toMatchObject({ lost: expect.any(String) });
	});

	test('sends an EOS GetEvent every five seconds and KeepDeviceOn once a minute, but never GetEvent while a client is connected', async () => {
		const clock = handClock();
		await using one = await world({ clock, unlock: 'never', camera: { chdk: false, model: eosRebelT6, idle: { clock, limitMs: 20_000 } } });
		const begun = asked(one).length;
		const pass = async (seconds: number) => {
			for (let n = 0; n < seconds; n += 5) {
				const seen = told(one);
				await clock.advance(5000);
				await until(() => told(one) > seen || one.camera.lost() !== undefined);
			}
		};
		await pass(120);
		const alone = asked(one).slice(begun);
		expect([count(alone, 'eosGetEvent'), count(alone, 'eosKeepDeviceOn'), alone.length]).toEqual([22, 2, 24]);
		await one.client();
		const joined = asked(one).length;
		await pass(60);
		const shared = asked(one).slice(joined);
		expect([count(shared, 'getStorageIDs'), count(shared, 'eosKeepDeviceOn'), shared.length]).toEqual([11, 1, 12]);
		expect(one.camera.lost()).toBeUndefined();
	});

	test('sends nothing while a client’s operations keep the camera awake', async () => {
		const clock = handClock();
		await using one = await world({ clock, unlock: 'never' });
		const client = await one.client();
		const before = asked(one).length;
		for (let n = 0; n < 20; n++) {
			await clock.advance(9000);
			await perform(client, { code: 0x1001 });
		}
		expect(count(asked(one).slice(before), 'getStorageIDs')).toBe(0);
	});

	test('begins with the short step into PTP mode, which off does not send either', async () => {
		await using kept = await world();
		expect(kept.camera.ptpModes()).toBe(1);
		expect(asked(kept)).toContain('mtpGetObjectPropsSupported');
		await using off = await world({ proxy: { keepalive: 'off' } });
		expect(off.camera.ptpModes()).toBe(0);
	});
});

describe('the camera', () => {
	test('that goes away ends its clients at once in an orderly way, and the reason is reported', async () => {
		await using one = await worldWithoutCamera({ proxy: { keepalive: 'off' }, unlock: 'never' });
		const { ended } = await one.take();
		const clients = [await one.client('a'), await one.client('b')];
		one.camera.hangUp();
		expect((await Promise.all(clients.map((client) => client.over))).map((lost) => lost?.message)).toEqual([
			'the camera closed the connection',
			'the camera closed the connection',
		]);
		expect(await ended).toMatchObject({ outcome: 'session', lost: expect.any(String) });
		expect(await one.event('lost')).toMatchObject({ address: '127.0.0.1' });
		expect(await one.event('client', ({ state }) => state === 'left')).toMatchObject({
			why: expect.stringContaining('the camera is gone'),
		});
		expect(one.proxy.status()).toMatchObject({ state: 'waiting', clients: [], age: null });
	});

	test('that is suspect is probed, and is lost within moments if it does not answer', async () => {
		await using one = await worldWithoutCamera({ proxy: { keepalive: 'off' }, unlock: 'never' });
		const relay = await freezable(one.camera.port);
		const { ended, answers } = await one.take(relay.port);
		expect(await answers()).toBe(true);
		const client = await one.client();
		relay.freeze();
		// It may die in the middle of an operation, whose own limit is 30 s.
		const stuck = client.transact({ code: 0x1004 }).catch(() => {});
		await until(() => one.proxy.status().clients[0]?.operation !== null);
		const began = performance.now();
		expect(await answers()).toBe(false);
		expect(await ended).toMatchObject({ outcome: 'session', lost: 'no answer for 2 s' });
		expect(performance.now() - began).toBeLessThan(8000);
		expect(await answers()).toBe(false);
		await stuck;
		relay.close();
	});

	test('that refuses makes the attempt fail, and its status is refused for as long as attempts go on', async () => {
		const clock = handClock();
		await using one = await worldWithoutCamera({ clock });
		const { ended } = await one.take(1);
		expect(await ended).toMatchObject({ outcome: 'refused' });
		expect(one.proxy.status().state).toBe('refused');
		await clock.advance(4000);
		expect(one.proxy.status().state).toBe('waiting');
	});

	test('that finally accepts this computer has the status connecting', async () => {
		await using one = await worldWithoutCamera();
		await (await one.take(1)).ended;
		expect(one.proxy.status().state).toBe('refused');
		const taking = one.take();
		await until(() => one.proxy.status().state === 'connecting');
		await taking;
		expect(one.proxy.status().state).toBe('connected');
	});

	test('that comes back is served by the same proxy, and clients get new numbers', async () => {
		await using one = await worldWithoutCamera({ proxy: { keepalive: 'off' }, unlock: 'never' });
		const first = await one.take();
		await one.client();
		one.camera.hangUp();
		await first.ended;
		await using again = await worldWithoutCamera();
		await one.take(again.camera.port);
		const client = await one.client();
		expect((await perform(client, { code: 0x1004 })).code).toBe(0x2001);
		expect(one.proxy.status()).toMatchObject({ sessions: 2, clients: [{ number: 2 }] });
	});
});
