import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { ssdpResponder } from '#discovery/computer/responder.ts';
import { freeUdpPort, neighbour, search } from './asking.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heap(): number {
	collectGarbage();
	return process.memoryUsage().heapUsed;
}

test('in a flood of searches a camera is answered, events are few and memory use stays flat', async () => {
	const port = await freeUdpPort();
	let told = 0;
	let suppressed = 0;
	const network = { name: 'lo', address: '127.0.0.1', prefix: 8, mac: '00:00:00:00:00:00', kind: 'loopback' } as const;
	const options = {
		network,
		bindAll: false,
		port,
		uuid: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
		location: 'http://127.0.0.1/',
		maxAge: 900,
		answerOwn: true,
	};
	const on = {
		search: (one: { suppressed?: number | undefined }) => {
			told++;
			suppressed += one.suppressed ?? 0;
		},
		failed: expect.unreachable,
	};
	let clock = 0; // a fifth of a millisecond for each search: much more than ten times what is answered
	const ours = await ssdpResponder(() => clock++ / 5).open(options, on);
	try {
		const noise = await Promise.all(Array.from({ length: 10 }, (_, i) => neighbour(`127.0.0.${60 + i}`, port)));
		await using camera = await neighbour('127.0.0.2', port);
		const questions = [
			search(),
			search('ssdp:all'),
			search('urn:x:service:y:1'),
			'M-SEARCH * HTTP/1.1\r\n'.repeat(60),
			new Uint8Array(1400),
		];

		/** 10,000 datagrams of noise, in bursts that one turn of the loop can read; in the middle the camera asks. */
		const round = async () => {
			const started = clock / 5;
			const before = camera.answers.length;
			let asked: Promise<unknown> = Promise.resolve();
			for (let burst = 0; burst < 400; burst++) {
				await Promise.all(Array.from({ length: 25 }, (_, i) => noise[i % 10]?.ask(questions[(burst + i) % questions.length])));
				await setImmediate(); // UDP is sent without waiting, so nothing would ever be read
				if (burst === 200) asked = camera.ask().then(() => (camera.answers.length > before ? undefined : camera.next(10_000)));
			}
			await asked;
			expect(camera.answers.length).toBe(before + 1);
			return (clock / 5 - started) / 1000;
		};
		await round();
		const heapBefore = heap();
		const toldBefore = told;
		const seconds = (await round()) + (await round());
		expect(heap() - heapBefore).toBeLessThan(2_000_000);
		expect(told - toldBefore).toBeLessThanOrEqual(Math.ceil(seconds + 1) * 70); // 50 answered and 20 ignored a second
		expect(suppressed).toBeGreaterThan(1000);
		for (const one of noise) await one[Symbol.asyncDispose]();
	} finally {
		await ours.close();
	}
}, 60_000);
