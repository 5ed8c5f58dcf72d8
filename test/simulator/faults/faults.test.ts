import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { SIMULATE } from '#commands/simulate/flags.ts';
import { passage } from '#simulator/faults/datagrams.ts';
import { FAULT_SPECS } from '#simulator/faults/fault.ts';
import { parseFault } from '#simulator/faults/parse.ts';
import { type DatagramFate, FaultPlan } from '#simulator/faults/plan.ts';
import { seeded } from '#simulator/faults/random.ts';
import { models } from '#simulator/models/catalogue.ts';
import { type CameraOn, cameraOn, type Initiator, infoFor } from '../ptp/camera-on.ts';
import { flat, HOST, INIT_COMMAND, startComputer, startStage } from '../world.ts';

const never = () => {
	throw new Error('chance was asked');
};
const fault = (text: string) => parseFault(text, never);

test.each([
	['drop-after=100000', { kind: 'drop-after', bytes: 100_000 }],
	['freeze-at=1', { kind: 'freeze-at', operation: 1 }],
	['refuse=3:0x2019', { kind: 'refuse', operation: 3, code: 0x2019 }],
	['init-fail=2', { kind: 'init-fail', reason: 2, times: Number.POSITIVE_INFINITY }],
	['init-fail=1:3', { kind: 'init-fail', reason: 1, times: 3 }],
	['zero-size=1000', { kind: 'zero-size', from: 1000 }],
	['lose=30', { kind: 'lose', percent: 30 }],
])('%s is read', (text, read) => expect(fault(text)).toEqual(read));

test.each([
	['drop-afer=1', 'Did you mean drop-after?'],
	['explode', 'Faults are drop-after, '],
	['constructor=1', 'Faults are'],
	['drop-after', 'Write drop-after=BYTES.'],
	['drop-after=', 'Write drop-after=BYTES.'],
	['drop-after=-1', 'Write drop-after=BYTES.'],
	['drop-after=9..3', 'Write drop-after=BYTES.'],
	['drop-at=0', 'Write drop-at=K.'],
	['refuse=3', 'Write refuse=K:CODE.'],
	['refuse=3:2019', 'Write refuse=K:CODE.'],
	['refuse=3:0x2019:1', 'Write refuse=K:CODE.'],
	['lose=101', 'Write lose=PERCENT.'],
])('%s is refused, and told how it is written', (text, next) => {
	expect(() => fault(text)).toThrow(expect.objectContaining({ code: 'usage', next: expect.stringContaining(next) }));
});

test('a range is settled by the seed: the same each time, within the range, another for another seed', () => {
	const drawn = (seed: number) => {
		const chance = seeded(seed);
		return Array.from({ length: 20 }, () => (parseFault('drop-after=100..199', chance) as { bytes: number }).bytes);
	};
	expect(drawn(1)).toEqual(drawn(1));
	expect(drawn(1)).not.toEqual(drawn(2));
	expect(drawn(3).every((bytes) => bytes >= 100 && bytes <= 199)).toBe(true);
	expect(new Set(drawn(4)).size).toBeGreaterThan(10);
});

test('the help names every fault and every model', () => {
	const help = (flag: 'fault' | 'model') => SIMULATE.flags[flag].description;
	for (const [kind, { value }] of Object.entries(FAULT_SPECS)) expect(help('fault')).toContain(`${kind}=${value}`);
	for (const { id } of models) expect(help('model')).toContain(id);
});

/** Reads until the camera hangs up or says nothing for a while; how it ended and what came. */
async function listen({ command: { socket } }: Initiator): Promise<{ bytes: number; end: 'FIN' | 'RST' | 'silence' }> {
	let bytes = 0;
	socket.removeAllListeners('data');
	socket.on('data', (chunk: Buffer) => {
		bytes += chunk.length;
	});
	const end = await Promise.race([
		new Promise<'FIN' | 'RST'>((resolve) => socket.once('close', (broken: boolean) => resolve(broken ? 'RST' : 'FIN'))),
		new Promise<'silence'>((resolve) => {
			let last = -1;
			const look = setInterval(() => {
				if (bytes !== last) last = bytes;
				else {
					clearInterval(look);
					resolve('silence');
				}
			}, 400);
		}),
	]);
	return { bytes, end };
}

const faulty = (...texts: string[]): Promise<CameraOn> =>
	cameraOn({ 'MVI_0001.MP4': Buffer.alloc(300_000, 'film') }, { faults: texts.map(fault), survive: false });

/** Init Command Ack and the answer to OpenSession. */
const FIRST_BYTES = 32 + 2 * 'Canon PowerShot ELPH 340 HS\0'.length + 14;

test.each([
	['drop-after=100000', 'FIN'],
	['freeze-after=100000', 'silence'],
] as const)('%s: so many bytes in all, then %s', async (text, how) => {
	await using on = await faulty(text);
	const me = await on.open();
	me.request(0x1009, [3]);
	const { bytes, end } = await listen(me);
	expect(end).toBe(how);
	expect(bytes + FIRST_BYTES).toBe(100_000);
	expect(await on.event('fault')).toMatchObject({ what: text.replace('=', ' ') });
	if (how !== 'silence') await expect(on.camera.ended).resolves.toEqual({ why: 'fault', session: true });
});

test('reset-after: RST, with nothing before it that could hide it', async () => {
	await using on = await faulty(`reset-after=${FIRST_BYTES}`);
	const me = await on.open();
	me.request(0x1004);
	expect(await listen(me)).toEqual({ bytes: 0, end: 'RST' });
	await expect(on.camera.ended).resolves.toEqual({ why: 'fault', session: true });
});

test('drop-at and freeze-at: the operation gets no answer', async () => {
	{
		await using on = await faulty('drop-at=2');
		const me = await on.open();
		me.request(0x1004);
		expect(await listen(me)).toEqual({ bytes: 0, end: 'FIN' });
	}
	await using on = await faulty('freeze-at=2');
	const me = await on.open();
	me.request(0x1004);
	expect(await listen(me)).toEqual({ bytes: 0, end: 'silence' });
	me.close(); // and a client that gives up is noticed
	await expect(on.camera.ended).resolves.toMatchObject({ why: 'connectionClosed' });
});

test('refuse: the Kth operation once, with the code that was asked for', async () => {
	await using on = await faulty('refuse=3:0x2019', 'refuse=5:0x2002');
	const me = await on.open();
	expect((await me.ask(0x1004)).code).toBe(0x2001);
	expect((await me.ask(0x1004)).code).toBe(0x2019);
	expect((await me.ask(0x1004)).code).toBe(0x2001);
	expect((await me.ask(0x1009, [3])).code).toBe(0x2002);
	expect(on.events.filter(({ type }) => type === 'fault')).toEqual([
		{ type: 'fault', what: 'refuse 3 with 0x2019' },
		{ type: 'fault', what: 'refuse 5 with 0x2002' },
	]);
});

test('bad-length and bad-transaction: a response as no camera sends it', async () => {
	await using on = await faulty('bad-transaction=2', 'bad-length=3');
	const me = await on.open();
	me.request(0x1004);
	for (let n = 0; n < 2; n++) await me.command.next();
	expect((await me.command.next()).readUInt32LE(10)).toBe(1001);
	me.request(0x1006, [0xffffffff, 0, 0]);
	const { value } = await me.command.socket[Symbol.asyncIterator]().next();
	expect((value as Buffer).readUInt32LE(0)).toBe(0xfffffff0);
});

test('init-fail: so many initiators are refused with the reason, and the next is taken', async () => {
	await using on = await faulty('init-fail=2:2');
	for (let n = 0; n < 2; n++) {
		const socket = connect({ host: HOST, port: on.camera.ptpipPort });
		socket.write(Buffer.from(flat(INIT_COMMAND), 'hex'));
		const [packet] = (await once(socket, 'data')) as [Buffer];
		expect(packet.toString('hex')).toBe('0c0000000500000002000000');
		await once(socket, 'close');
	}
	expect((await (await on.open()).ask(0x1004)).code).toBe(0x2001);
	expect(on.events.filter(({ type }) => type === 'initRefused')).toHaveLength(2);
});

test('a fault happens once: with --survive the next session is whole', async () => {
	const file = Buffer.alloc(200_000, 'film');
	await using on = await cameraOn({ 'MVI_0001.MP4': file }, { faults: [fault('drop-after=50000')], survive: true, pauseMs: 10 });
	const me = await on.open();
	me.request(0x1009, [3]);
	await listen(me);
	await expect.poll(() => on.events.filter(({ type }) => type === 'connected').length).toBe(2);
	const again = await on.open();
	expect((await again.ask(0x1009, [3])).data.equals(file)).toBe(true);
});

test('so does one of an operation, and operations are counted anew in each session', async () => {
	await using on = await cameraOn({}, { faults: [fault('refuse=2:0x2019'), fault('refuse=3:0x2002')], survive: true, pauseMs: 10 });
	const me = await on.open();
	expect((await me.ask(0x1004)).code).toBe(0x2019);
	me.close();
	await expect.poll(() => on.events.filter(({ type }) => type === 'connected').length).toBe(2);
	const again = await on.open();
	expect((await again.ask(0x1004)).code).toBe(0x2001);
	expect((await again.ask(0x1004)).code).toBe(0x2002);
});

test('datagrams are lost, doubled, or come after the next', () => {
	const fates: DatagramFate[] = ['passes', 'held', 'doubled', 'lost', 'held'];
	const let_ = passage({ datagram: () => fates.shift() ?? 'passes' }, 'out');
	const came: number[] = [];
	for (let n = 1; n <= 6; n++) let_('a search', () => came.push(n));
	expect(came).toEqual([1, 3, 3, 2, 6, 5]);
});

const through = (text: string, count: number, seed = 1): { came: number[]; told: string[] } => {
	const told: string[] = [];
	const let_ = passage(new FaultPlan([fault(text)], seed, (what) => told.push(what)), 'out');
	const came: number[] = [];
	for (let n = 1; n <= count; n++) let_('a search', () => came.push(n));
	return { came, told };
};

test('of all that are to be reordered, each second comes before its predecessor; none is held for ever', () => {
	expect(through('reorder=100', 6).came).toEqual([2, 1, 4, 3, 6, 5]);
	expect(through('reorder=100', 4).told).toEqual(['a search comes after the next', 'a search comes after the next']);
});

test('all are doubled, or lost', () => {
	expect(through('duplicate=100', 2)).toEqual({ came: [1, 1, 2, 2], told: ['a search comes twice', 'a search comes twice'] });
	expect(through('lose=100', 2)).toEqual({ came: [], told: ['a search is lost', 'a search is lost'] });
});

test('the fates follow the percentage and the seed', () => {
	const lost = through('lose=30', 1000, 7);
	expect(lost.told.length).toBeGreaterThan(240);
	expect(lost.told.length).toBeLessThan(360);
	expect(through('lose=30', 1000, 7)).toEqual(lost);
	expect(through('lose=30', 1000, 8)).not.toEqual(lost);
});

test('what becomes of the camera\u2019s datagrams does not depend on when those of others come', () => {
	const fates = (disturbed: boolean): DatagramFate[] => {
		const plan = new FaultPlan([fault('lose=40'), fault('duplicate=40')], 5, () => {});
		return Array.from({ length: 50 }, (_, n) => {
			if (disturbed && n % 3 === 0) plan.datagram('in', 'an answer', true);
			return plan.datagram('out', 'a search', true);
		});
	};
	expect(new Set(fates(false))).toEqual(new Set(['passes', 'lost', 'doubled']));
	expect(fates(true)).toEqual(fates(false));
});

test('each direction has chances of its own', () => {
	const plan = new FaultPlan([fault('lose=50')], 5, () => {});
	const fates = (direction: 'in' | 'out'): DatagramFate[] => Array.from({ length: 40 }, () => plan.datagram(direction, 'a datagram', true));
	expect(fates('in')).not.toEqual(fates('out'));
});

test('two cameras with the same seed lose the same searches; with another, others', async () => {
	await using computer = await startComputer({ server: 'Linux' });
	const lost = async (seed: number): Promise<boolean[]> => {
		await using stage = await startStage(computer, { faults: [fault('lose=50')], seed });
		const before = (): number => stage.events.filter(({ type }) => type === 'fault').length;
		return Array.from({ length: 24 }, () => {
			const count = before();
			stage.clock.advance(1000);
			return before() > count;
		});
	};
	const first = await lost(3);
	expect(await lost(3)).toEqual(first);
	expect(await lost(4)).not.toEqual(first);
});

test('a camera whose searches are all lost finds nobody; one that doubles them is answered twice and lists the computer once', async () => {
	await using computer = await startComputer();
	{
		await using deaf = await startStage(computer, { faults: [fault('lose=100')] });
		deaf.clock.advance(5000);
		await expect.poll(() => deaf.events.filter(({ type }) => type === 'fault').length).toBe(6);
		expect(computer.fetched).toEqual([]);
	}
	await using stage = await startStage(computer, { faults: [fault('duplicate=100')] });
	await stage.pair();
	expect(stage.events.filter(({ type }) => type === 'listed')).toHaveLength(1);
});

test('a limited rate holds, down and up', async () => {
	await using on = await cameraOn({ 'MVI_0001.MP4': Buffer.alloc(600_000, 'film') }, { rate: 1_000_000 });
	const me = await on.open();
	const start = performance.now();
	expect((await me.ask(0x1009, [3])).data).toHaveLength(600_000);
	const took = performance.now() - start;
	expect(took).toBeGreaterThan(500); // 600 ms less the burst
	expect(took).toBeLessThan(3000);
	const upload = Buffer.alloc(300_000, 'up');
	await me.ask(0x100c, [0x00010001, 2], infoFor('UP.MP4', upload.length));
	const begin = performance.now();
	expect((await me.ask(0x100d, [], upload)).code).toBe(0x2001);
	expect(performance.now() - begin).toBeGreaterThan(220);
});
