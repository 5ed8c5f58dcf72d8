import { describe, expect, test } from 'vitest';
import { Stopped } from '#contract/errors.ts';
import { CameraWatch } from '#discovery/camera-watch.ts';
import type { ChooseAny } from '#discovery/ports.ts';
import { SIGHTINGS_KEPT } from '#discovery/rules/sightings.ts';
import { world } from '../support/flow-world.ts';

test('the MAC of an address is looked up at most five times, and again after the address was forgotten', () => {
	const { ports, clock } = world();
	const lookups: string[] = [];
	const networks = {
		...ports.networks,
		macOf: async (address: string) => {
			lookups.push(address);
			return undefined;
		},
	};
	const watch = new CameraWatch({ ...ports, networks });
	const search = (from: string) => watch.observe({ type: 'search', from, target: 'upnp:rootdevice', at: clock.now() });
	const ofCamera = () => lookups.filter((address) => address === 'camera').length;
	for (let i = 0; i < 20; i++) search('camera');
	expect(ofCamera()).toBe(5);
	for (let i = 0; i < SIGHTINGS_KEPT; i++) search(`other ${i}`);
	search('camera');
	expect(ofCamera()).toBe(6);
});

describe('uncertain devices', () => {
	const PARTS = 'Linux/3.0 UPnP/1.0 libupnp';

	function watching(chooseAny?: ChooseAny) {
		const { ports, clock, state } = world();
		const watch = new CameraWatch({ ...ports, ...(chooseAny && { chooseAny }) });
		const stop = new AbortController();
		const found = watch.camera({}, 120_000, stop.signal);
		found.catch(() => {});
		return {
			watch,
			clock,
			state,
			stop,
			found,
			search: (from: string) => watch.observe({ type: 'search', from, target: 'upnp:rootdevice', at: clock.now() }),
			read: (from: string, userAgent: string | null = null) => watch.observe({ type: 'description', from, userAgent, at: clock.now() }),
		};
	}

	test('the only one that has read is taken after a while if nobody can be asked, until a real camera replaces it', async () => {
		const { watch, clock, found, search, read } = watching();
		search('10.0.0.8');
		read('10.0.0.8', PARTS);
		await clock.advance(19_999);
		expect(await Promise.race([found, 'waiting'])).toBe('waiting');
		await clock.advance(1);
		const taken = await found;
		expect(taken).toMatchObject({ address: '10.0.0.8', matchedBy: 'description' });
		expect(watch.moved(taken, {})).toBeUndefined();
		search('10.0.0.9');
		read('10.0.0.9');
		await clock.advance(1000);
		expect(watch.moved(taken, {})).toMatchObject({ address: '10.0.0.9', matchedBy: 'description' });
	});

	test('a Canon device that only searches is not taken if nobody can be asked', async () => {
		const { clock, found, state, search } = watching();
		state.macs.set('10.0.0.9', '2c:9e:fc:01:02:03');
		for (let second = 0; second < 119; second++) {
			search('10.0.0.9');
			await clock.advance(1000);
		}
		await clock.advance(1000);
		await expect(found).rejects.toMatchObject({ code: 'noCamera', next: expect.stringContaining('--camera ADDRESS') });
	});

	test('a Canon device that only searches is offered to a person once', async () => {
		const offers: string[][] = [];
		const answers = [null, '10.0.0.8'];
		const { clock, found, state, search } = watching(async (candidates) => {
			offers.push(candidates.map(({ address }) => address));
			return answers[offers.length - 1] ?? null;
		});
		for (const from of ['10.0.0.8', '10.0.0.9']) state.macs.set(from, '2c:9e:fc:01:02:03');
		for (let second = 0; second < 40; second++) {
			search('10.0.0.9');
			if (second > 15) search('10.0.0.8');
			await clock.advance(1000);
		}
		// What was declined is not offered again with what comes later.
		expect(offers).toEqual([['10.0.0.9'], ['10.0.0.8']]);
		expect(await found).toMatchObject({ address: '10.0.0.8', matchedBy: 'chosen', maker: 'Canon' });
	});

	test('the question is withdrawn when a certain camera comes', async () => {
		let ended: unknown;
		const { clock, found, search, read } = watching(
			(_, signal) =>
				new Promise((_, reject) =>
					signal.addEventListener('abort', () => {
						ended = signal.reason;
						reject(signal.reason);
					}),
				),
		);
		search('10.0.0.8');
		read('10.0.0.8', PARTS);
		await clock.advance(20_000);
		expect(ended).toBeUndefined();
		search('10.0.0.9');
		read('10.0.0.9');
		await clock.advance(1000);
		expect(ended).toBeDefined();
		expect(await found).toMatchObject({ address: '10.0.0.9', matchedBy: 'description' });
	});

	test('Ctrl-C during the question ends the waiting', async () => {
		const { clock, found, search, read } = watching(() => Promise.reject(new Stopped('SIGINT')));
		search('10.0.0.8');
		read('10.0.0.8', PARTS);
		await clock.advance(20_000);
		await expect(found).rejects.toBeInstanceOf(Stopped);
	});
});
