import { describe, expect, test } from 'vitest';
import { withResolvers } from '#base/with-resolvers.ts';
import type { HeldStatus } from '#contract/hold-status.ts';
import type { HoldingHooks, HoldTarget } from '#hold/hold-request.ts';
import { hold } from '#hold/holding.ts';
import type { CameraProxy, CameraProxyOptions, HoldJob } from '#hold/ports.ts';
import type { SessionEnd } from '#session/client.ts';
import type { AttemptEnd } from '../support/attempt.ts';
import { discovery, session, world } from '../support/flow-world.ts';

const UNKNOWN: CameraProxyOptions = {
	id: null,
	address: '127.0.0.1',
	port: 15740,
	mayMove: true,
	passThrough: new Set(),
	waitClients: false,
	keepalive: 'auto',
};

const target = (id: string | null = null, mac: string | null = null, lastAddress: string | null = null): HoldTarget => ({
	proxy: { ...UNKNOWN, id },
	wanted: { mac },
	lastAddress,
	job: { port: 15740, identity: discovery.identity, name: 'studio', os: 'auto', unlock: 'auto' },
});

const LEARNT = { model: 'Canon PowerShot TEST', serial: '1', firmware: '1.0', chdk: false, os: null } as const;

/** Shares whose attempts end as the test says; a session lasts until it is ended. */
function stage(
	options: { cameras?: readonly HoldTarget[]; limitMs?: number; hooks?: HoldingHooks; answers?: (proxy: number) => boolean } = {},
) {
	const one = world();
	const closed: number[] = [];
	const asked: number[] = [];
	const attempts: { proxy: number; at: number; job: HoldJob; end(end: AttemptEnd): void; connect(): void }[] = [];
	let opened = 0;
	const proxies = {
		open: async ({ address, port }: CameraProxyOptions): Promise<CameraProxy> => {
			const index = opened++;
			return {
				address,
				port: port + index,
				status: () => ({}) as HeldStatus,
				close: async () => void closed.push(index),
				connect: (job, _emit, signal) =>
					new Promise((resolve, reject) => {
						const over = withResolvers<SessionEnd>();
						over.promise.catch(() => {});
						const connect = () =>
							resolve({
								outcome: 'session',
								info: LEARNT,
								begin: () => {},
								ended: over.promise,
								close: () => over.reject(new Error('stopped')),
								answers: async () => {
									asked.push(index);
									return options.answers?.(index) ?? true;
								},
							});
						signal.addEventListener('abort', () => reject(signal.reason), { once: true });
						const end = (how: AttemptEnd) => (how.outcome === 'session' ? over.resolve(how) : resolve(how));
						attempts.push({ proxy: index, at: one.clock.now(), job, end, connect });
					}),
			};
		},
	};
	const stopping = new AbortController();
	const running = hold(
		{
			discovery,
			cameras: options.cameras ?? [target()],
			limitMs: options.limitMs ?? Number.POSITIVE_INFINITY,
			hintAfterMs: 20_000,
		},
		{ ...one.ports, proxies },
		one.emit,
		stopping.signal,
		options.hooks,
	);
	running.catch(() => {});
	return { ...one, asked, attempts, closed, running, stop: () => stopping.abort(new Error('stopped')) };
}

const LOST: AttemptEnd = { ...session, lost: 'the camera closed the connection' };
const REFUSED: AttemptEnd = { outcome: 'refused' };

describe('one camera', () => {
	test('gets its port before it is found, is connected when it comes, and everything is closed at the end', async () => {
		const { clock, types, cameraAppears, attempts, running, stop, closed, events, opened } = stage();
		await clock.advance(0);
		expect(types().slice(0, 2)).toEqual(['sharing', 'ready']);
		expect(events[0]).toMatchObject({ port: 15740, gphoto2: 'ptpip:127.0.0.1' });
		cameraAppears('192.168.1.45');
		await clock.advance(1100);
		expect(attempts).toHaveLength(1);
		expect(attempts[0]?.job).toMatchObject({ address: '192.168.1.45', port: 15740 });
		stop();
		await expect(running).rejects.toThrow('stopped');
		expect(closed).toEqual([0]);
		expect(opened.slice(-2).sort()).toEqual(['description closed', 'responder closed']);
	});

	test.each([
		['any', [target()]],
		['a saved one', [target('studio', '2c:9e:fc:01:02:03', '192.168.1.45')]],
		['--camera', [{ ...target(), wanted: { address: '192.168.1.45' } }]],
	])(
		'%s refuses at first: attempts half a second and more apart, and one at once when it reads the description again',
		async (_, cameras) => {
			const { clock, cameraAppears, attempts, state, stop } = stage({ cameras });
			state.macs.set('192.168.1.45', '2c:9e:fc:01:02:03');
			await clock.advance(0);
			cameraAppears('192.168.1.45');
			await clock.advance(1100);
			for (let n = 0; n < 5; n++) {
				attempts.at(-1)?.end(REFUSED);
				await clock.advance(2100);
			}
			const apart = attempts.slice(1).map(({ at }, n) => at - (attempts[n]?.at ?? 0));
			expect(Math.min(...apart)).toBeGreaterThanOrEqual(500);
			expect(Math.max(...apart)).toBeLessThanOrEqual(3000);
			const before = attempts.length;
			attempts.at(-1)?.end(REFUSED);
			await clock.advance(20);
			cameraAppears('192.168.1.45');
			await clock.advance(150);
			expect(attempts.length).toBe(before + 1);
			stop();
		},
	);

	test('that is lost and chosen again is connected within 250 ms after it has read the description', async () => {
		const { clock, cameraAppears, attempts, types, stop } = stage();
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1100);
		attempts[0]?.connect();
		await clock.advance(60_000);
		attempts[0]?.end(LOST);
		await clock.advance(3_600_000);
		// Nobody presses a camera that has gone.
		expect(attempts).toHaveLength(1);
		cameraAppears('192.168.1.45');
		await clock.advance(250);
		expect(attempts).toHaveLength(2);
		// Its port opens a little later: it is asked four times a second for a while.
		attempts[1]?.end(REFUSED);
		await clock.advance(250);
		expect(attempts).toHaveLength(3);
		attempts[2]?.connect();
		await clock.advance(0);
		expect(types().filter((type) => type === 'connected')).toHaveLength(2);
		stop();
	});

	test('that is back but refuses is tried four times a second for two seconds, then like any other', async () => {
		const { clock, cameraAppears, attempts, stop } = stage();
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1100);
		attempts[0]?.connect();
		await clock.advance(60_000);
		attempts[0]?.end(LOST);
		await clock.advance(1000);
		cameraAppears('192.168.1.45');
		await clock.advance(200);
		for (let n = 0; n < 100; n++) {
			await clock.advance(100);
			attempts.at(-1)?.end(REFUSED);
		}
		const began = attempts[1]?.at ?? 0;
		const count = (from: number, to: number) => attempts.slice(1).filter(({ at }) => at - began >= from && at - began < to).length;
		expect(count(0, 2000)).toBeGreaterThanOrEqual(5);
		expect(count(4000, 8000)).toBeLessThanOrEqual(4);
		expect(count(4000, 8000)).toBeGreaterThan(0);
		stop();
	});

	test('that refuses and then is not seen for a minute has left, and is waited for again', async () => {
		const { clock, cameraAppears, attempts, stop } = stage();
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1100);
		for (let n = 0; n < 70; n++) {
			attempts.at(-1)?.end(REFUSED);
			await clock.advance(1000);
		}
		const pressed = attempts.length;
		expect(pressed).toBeGreaterThan(20);
		await clock.advance(3_600_000);
		attempts.at(-1)?.end(REFUSED);
		expect(attempts).toHaveLength(pressed);
		cameraAppears('192.168.1.45');
		await clock.advance(1500);
		expect(attempts).toHaveLength(pressed + 1);
		stop();
	});

	test('that was given with --camera and is lost is tried every ten seconds even if it is never seen again', async () => {
		const { clock, attempts, stop } = stage({ cameras: [{ ...target(), wanted: { address: '192.168.1.45' } }] });
		await clock.advance(4000);
		attempts[0]?.connect();
		await clock.advance(60_000);
		attempts[0]?.end(LOST);
		await clock.advance(9000);
		expect(attempts).toHaveLength(1);
		await clock.advance(1500);
		expect(attempts.map(({ job }) => job.address)).toEqual(['192.168.1.45', '192.168.1.45']);
		stop();
	});

	test('that gets another address while it still refuses is tried at the new address', async () => {
		const { clock, cameraAppears, attempts, events, state, stop } = stage({ cameras: [target('studio', '2c:9e:fc:01:02:03')] });
		for (const last of [45, 46]) state.macs.set(`192.168.1.${last}`, '2c:9e:fc:01:02:03');
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1100);
		attempts[0]?.end(REFUSED);
		cameraAppears('192.168.1.46');
		await clock.advance(600);
		expect(attempts.map(({ job }) => job.address)).toEqual(['192.168.1.45', '192.168.1.46']);
		expect(events.flatMap((event) => (event.type === 'camera' ? [event.address] : []))).toEqual(['192.168.1.45', '192.168.1.46']);
		stop();
	});

	test('is lost, and another device that reads the description is left alone', async () => {
		const { clock, cameraAppears, attempts, stop } = stage();
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1100);
		attempts[0]?.connect();
		attempts[0]?.end(LOST);
		await clock.advance(20_000);
		cameraAppears('192.168.1.99');
		await clock.advance(20_000);
		expect(attempts.filter(({ job }) => job.address === '192.168.1.99')).toEqual([]);
		stop();
	});

	test('that is lost again and again is tried less often, and the hold can end during that pause too', async () => {
		const { clock, cameraAppears, attempts, running, stop } = stage();
		await clock.advance(0);
		for (let n = 0; n < 3; n++) {
			cameraAppears('192.168.1.45');
			await clock.advance(1200);
			attempts.at(-1)?.connect();
			attempts.at(-1)?.end(LOST);
			await clock.advance(0);
		}
		expect(attempts).toHaveLength(3);
		stop();
		await expect(running).rejects.toThrow('stopped');
	});

	test('that searches again is probed, and is reconnected at once when the probe fails', async () => {
		const answers = () => {
			attempts[0]?.end({ ...LOST, lost: 'no answer for 2 s' });
			return false;
		};
		const { clock, cameraAppears, attempts, asked, types, stop } = stage({ answers });
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1100);
		attempts[0]?.connect();
		await clock.advance(60_000);
		cameraAppears('192.168.1.45');
		await clock.advance(250);
		expect(asked).toEqual([0]);
		expect(attempts).toHaveLength(2);
		// There is nothing that its user is to do.
		expect(types()).not.toContain('instruction');
		stop();
	});

	test('whose searches are forged answers the probe and stays held, and is probed at most every few seconds', async () => {
		const { clock, cameraAppears, attempts, asked, types, stop } = stage();
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(1100);
		attempts[0]?.connect();
		await clock.advance(60_000);
		for (let n = 0; n < 100; n++) {
			cameraAppears('192.168.1.45');
			await clock.advance(200);
		}
		expect(asked.length).toBeGreaterThan(1);
		expect(asked.length).toBeLessThanOrEqual(4);
		expect(attempts).toHaveLength(1);
		expect(types()).not.toContain('instruction');
		// What was believed for a moment is no reason to take it the next time.
		attempts[0]?.end(LOST);
		await clock.advance(20_000);
		expect(attempts).toHaveLength(1);
		stop();
	});

	test('that comes back at another address with the same MAC is connected there', async () => {
		const { clock, cameraAppears, attempts, state, stop } = stage({ cameras: [target('studio', '2c:9e:fc:01:02:03')] });
		state.macs.set('192.168.1.45', '2c:9e:fc:01:02:03');
		state.macs.set('192.168.1.46', '2c:9e:fc:01:02:03');
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		await clock.advance(300);
		attempts[0]?.connect();
		await clock.advance(60_000);
		attempts[0]?.end(LOST);
		await clock.advance(1000);
		cameraAppears('192.168.1.46');
		await clock.advance(400);
		expect(attempts.at(-1)?.job.address).toBe('192.168.1.46');
		stop();
	});

	test('that does not come in time causes an error only if there is a time limit', async () => {
		const { clock, running } = stage({ limitMs: 5000 });
		await clock.advance(6000);
		await expect(running).rejects.toMatchObject({ code: 'noCamera' });
	});

	test('that refuses until the time limit causes cameraRefused', async () => {
		const { clock, running, cameraAppears, attempts } = stage({ limitMs: 5000 });
		await clock.advance(0);
		cameraAppears('192.168.1.45');
		for (let n = 0; n < 60; n++) {
			await clock.advance(100);
			attempts.at(-1)?.end(REFUSED);
		}
		await expect(running).rejects.toMatchObject({ code: 'cameraRefused' });
	});
});

test('another saved camera that comes instead is reported and left alone', async () => {
	const others: string[] = [];
	const { clock, cameraAppears, attempts, state, stop } = stage({
		cameras: [{ ...target('studio', '2c:9e:fc:00:00:01'), wanted: { mac: '2c:9e:fc:00:00:01', exclude: ['2c:9e:fc:00:00:02'] } }],
		hooks: { onOther: (_index, { address }) => void others.push(address) },
	});
	state.macs.set('192.168.1.46', '2c:9e:fc:00:00:02');
	await clock.advance(0);
	cameraAppears('192.168.1.46');
	await clock.advance(5000);
	expect(others).toEqual(['192.168.1.46']);
	expect(attempts).toEqual([]);
	stop();
});

describe('several cameras', () => {
	const two = [target('studio', '2c:9e:fc:00:00:01'), target('garden', null, '192.168.1.46')];

	test('have a port each and are told apart, and losing one does not affect the other', async () => {
		const { clock, cameraAppears, attempts, state, events, stop } = stage({ cameras: two });
		state.macs.set('192.168.1.45', '2c:9e:fc:00:00:01');
		await clock.advance(0);
		expect(events.flatMap((event) => (event.type === 'sharing' ? [[event.profile, event.port]] : []))).toEqual([
			['studio', 15740],
			['garden', 15741],
		]);
		cameraAppears('192.168.1.46');
		cameraAppears('192.168.1.45');
		cameraAppears('192.168.1.99');
		await clock.advance(1500);
		expect(attempts.map(({ proxy, job }) => [proxy, job.address]).sort()).toEqual([
			[0, '192.168.1.45'],
			[1, '192.168.1.46'],
		]);
		for (const attempt of attempts) attempt.connect();
		await clock.advance(60_000);
		attempts.find(({ proxy }) => proxy === 0)?.end(LOST);
		await clock.advance(60_000);
		cameraAppears('192.168.1.45');
		await clock.advance(300);
		expect(attempts).toHaveLength(3);
		expect(attempts[2]).toMatchObject({ proxy: 0 });
		stop();
	});

	test('a saved camera that is none of them is reported, left alone, and named in the hint of those that wait', async () => {
		const others: number[] = [];
		const hints: [number, string][] = [];
		const not = { exclude: ['2c:9e:fc:00:00:09'], names: new Map([['2c:9e:fc:00:00:09', 'shed']]) };
		const { clock, cameraAppears, attempts, state, stop } = stage({
			cameras: [
				{ ...target('studio', '2c:9e:fc:00:00:01'), wanted: { mac: '2c:9e:fc:00:00:01', id: 'studio', ...not } },
				{ ...target('attic', '2c:9e:fc:00:00:02'), wanted: { mac: '2c:9e:fc:00:00:02', id: 'attic', ...not } },
			],
			hooks: { onOther: (index) => void others.push(index), onStillWaiting: (index, { words }) => void hints.push([index, words]) },
		});
		state.macs.set('192.168.1.49', '2c:9e:fc:00:00:09');
		await clock.advance(0);
		cameraAppears('192.168.1.49');
		await clock.advance(60_000);
		expect(attempts).toEqual([]);
		expect(others).toEqual([0, 1]);
		expect(hints).toEqual([
			[0, expect.stringContaining('Only "shed" (192.168.1.49) came, not "studio".')],
			[1, expect.stringContaining('Only "shed" (192.168.1.49) came, not "attic".')],
		]);
		stop();
	});

	test('a camera that comes back at its old address does not wait for the MAC look-up', async () => {
		const { clock, cameraAppears, attempts, ports, stop } = stage({ cameras: two });
		const slow = ports.networks.macOf;
		ports.networks.macOf = async (address) => {
			await clock.sleep(1000);
			return slow(address);
		};
		await clock.advance(0);
		cameraAppears('192.168.1.46');
		await clock.advance(3000);
		attempts[0]?.connect();
		await clock.advance(60_000);
		attempts[0]?.end(LOST);
		await clock.advance(60_000);
		cameraAppears('192.168.1.46');
		await clock.advance(250);
		expect(attempts.map(({ proxy }) => proxy)).toEqual([1, 1]);
		stop();
	});

	test('known cameras are answered before other devices', async () => {
		const { clock, state, stop } = stage({ cameras: two });
		await clock.advance(0);
		const preferred = state.responder?.options.preferred;
		expect(['192.168.1.46', '192.168.1.99'].map((address) => preferred?.(address))).toEqual([true, false]);
		stop();
	});

	test('sixteen cameras are held without a leak warning from Node', async () => {
		const warned: Error[] = [];
		const onWarning = (warning: Error) => void warned.push(warning);
		process.on('warning', onWarning);
		const cameras = Array.from({ length: 16 }, (_, n) => target(`c${n}`, null, `192.168.1.${100 + n}`));
		const { clock, cameraAppears, attempts, running, stop, closed } = stage({ cameras });
		await clock.advance(0);
		for (let n = 0; n < 16; n++) cameraAppears(`192.168.1.${100 + n}`);
		await clock.advance(3000);
		expect(new Set(attempts.map(({ proxy }) => proxy)).size).toBe(16);
		for (const attempt of attempts) attempt.connect();
		await clock.advance(60_000);
		stop();
		await expect(running).rejects.toThrow('stopped');
		await new Promise((resolve) => setImmediate(resolve));
		process.off('warning', onWarning);
		expect(warned).toEqual([]);
		expect(closed).toHaveLength(16);
	});

	test('the time limit applies only to a single camera', async () => {
		const { clock, running, stop } = stage({ cameras: two, limitMs: 1000 });
		await clock.advance(100_000);
		stop();
		await expect(running).rejects.toThrow('stopped');
	});
});

test('a taken port ends the hold before any camera is answered', async () => {
	const one = world();
	const taken = new Error('taken');
	const closed: string[] = [];
	let opened = 0;
	const proxies = {
		open: async (): Promise<CameraProxy> => {
			if (opened++ > 0) throw taken;
			return { address: '127.0.0.1', port: 1, close: async () => void closed.push('first') } as unknown as CameraProxy;
		},
	};
	const running = hold(
		{ discovery, cameras: [target('a'), target('b')], limitMs: 1000, hintAfterMs: 1000 },
		{ ...one.ports, proxies },
		one.emit,
		new AbortController().signal,
	);
	await expect(running).rejects.toBe(taken);
	expect(closed).toEqual(['first']);
	expect(one.opened).toEqual([]);
});
