import { describe, expect, test } from 'vitest';
import { REAL_TIMERS, type Timers } from '#base/timers.ts';
import type { PtpipConnection } from '#protocol/ptpip/initiator/connection.ts';
import { dial } from '#protocol/ptpip/initiator/dial.ts';
import { fetchData, OperationRefused, perform, WrongLength } from '#protocol/ptpip/initiator/operations.ts';
import type { Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import { ConnectionLost, type Sink } from '#protocol/ptpip/initiator/transact.ts';
import { bytes } from '../../../support/hex.ts';
import { handTimers } from './hand-timers.ts';
import { answer, type Line, scriptedCamera, shakeHands } from './scripted-camera.ts';

/** A connection to a camera that does this after the handshake, and the checks that follow. */
async function talking(
	script: (command: Line, event: Line) => Promise<void>,
	client: (connection: PtpipConnection) => Promise<void>,
	limits: Partial<Timeouts> = {},
	timers: Timers = REAL_TIMERS,
): Promise<void> {
	await using camera = await scriptedCamera(async (lines) => {
		const { command, event } = await shakeHands(lines);
		await script(command, event);
	});
	const { connection } = await dial({
		host: '127.0.0.1',
		port: camera.port,
		guid: new Uint8Array(16),
		name: 'studio',
		timeouts: { busyPauseMs: 1, ...limits },
		timers,
		signal: new AbortController().signal,
	});
	if (connection === undefined) throw new Error('not connected');
	try {
		// A script that fails ends the test at once.
		await Promise.race([client(connection), camera.finished.then(() => new Promise<never>(() => {}))]);
		await camera.finished;
	} finally {
		await connection.close();
	}
}

function gathered(): Sink & { all: number[]; total?: number | undefined } {
	const all: number[] = [];
	return {
		all,
		begin(total) {
			this.total = total;
		},
		piece: (piece) => void all.push(...piece),
	};
}

/** A promise and its end. */
function withResolvers() {
	let resolve = () => {};
	const promise = new Promise<void>((onResolve) => {
		resolve = onResolve;
	});
	return { promise, resolve };
}

const GET = 0x1009;

test('OpenSession is transaction 0, and the ids rise from there', () =>
	talking(
		async (command) => {
			expect(await answer(command)).toMatchObject({ code: 0x1002, transactionId: 0, params: [1], dataPhase: 1 });
			expect(await answer(command)).toMatchObject({ code: 0x1004, transactionId: 1 });
			expect(await answer(command, 0x2005)).toMatchObject({ code: 0x1234, transactionId: 2, params: [1, 2, 3, 4, 0xffffffff] });
		},
		async (connection) => {
			// Asked for at the same time: they go one after the other.
			const [opened, , refused] = await Promise.all([
				connection.transact({ code: 0x1002, params: [1] }),
				connection.transact({ code: 0x1004 }),
				connection.transact({ code: 0x1234, params: [1, 2, 3, 4, 0xffffffff] }),
			]);
			expect(opened).toEqual({ code: 0x2001, params: [], total: undefined, received: 0 });
			expect(refused.code).toBe(0x2005);
		},
	));

test('data from the camera reaches the sink in whatever packets and pieces it comes', () =>
	talking(
		async (command) => {
			await command.expect('operationRequest');
			for (const byte of bytes(
				'14000000 09000000 01000000 0500000000000000  0E000000 0A000000 01000000 0102  0F000000 0C000000 01000000 030405  12000000 07000000 0120 01000000 2A000000',
			))
				await command.flush(Uint8Array.of(byte));
		},
		async (connection) => {
			const sink = gathered();
			expect(await connection.transact({ code: GET, receive: sink })).toEqual({ code: 0x2001, params: [42], total: 5, received: 5 });
			expect(sink).toMatchObject({ all: [1, 2, 3, 4, 5], total: 5 });
		},
	));

test('data for the camera goes out as Start Data, Data, and the last piece as End Data', () =>
	talking(
		async (command) => {
			expect(await command.expect('operationRequest')).toMatchObject({ dataPhase: 2, transactionId: 1 });
			expect(await command.expect('startData')).toMatchObject({ transactionId: 1, total: 5n });
			expect(await command.expect('data')).toMatchObject({ transactionId: 1, payload: Uint8Array.of(1, 2) });
			expect(await command.expect('endData')).toMatchObject({ transactionId: 1, payload: Uint8Array.of(3, 4, 5) });
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 1, params: [] });
			await command.expect('operationRequest');
			expect(await command.expect('startData')).toMatchObject({ total: 0n });
			expect(await command.expect('endData')).toMatchObject({ payload: new Uint8Array(0) });
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 2, params: [] });
			await command.expect('operationRequest');
			expect(await command.expect('startData')).toMatchObject({ total: 0xffff_ffff_ffff_ffffn });
			await command.expect('data');
			await command.expect('data');
			expect(await command.expect('endData')).toMatchObject({ payload: new Uint8Array(0) });
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 3, params: [] });
		},
		async (connection) => {
			const pieces = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3, 4, 5)];
			await connection.transact({ code: 0x100d, send: { total: 5, pieces } });
			await connection.transact({ code: 0x100d, send: { total: 0, pieces: [] } });
			await connection.transact({ code: 0x100d, send: { total: undefined, pieces } });
		},
	));

test('a source that fails cancels: on the command connection to end the data, on the event connection as a message', () =>
	talking(
		async (command, event) => {
			await command.expect('operationRequest');
			await command.expect('startData');
			await command.expect('data');
			expect(await command.expect('cancel')).toMatchObject({ transactionId: 1 });
			expect(await event.expect('cancel')).toMatchObject({ transactionId: 1 });
			command.send({ kind: 'operationResponse', code: 0x201f, transactionId: 1, params: [] });
			await answer(command);
		},
		async (connection) => {
			async function* broken() {
				yield Uint8Array.of(1);
				throw new Error('the disk is gone');
			}
			await expect(connection.transact({ code: 0x100d, send: { total: 9, pieces: broken() } })).rejects.toThrow('the disk is gone');
			expect((await connection.transact({ code: 0x1004 })).code).toBe(0x2001);
		},
	));

describe('a transaction cancelled with keepSession, with a camera that ignores Cancel', () => {
	for (const [what, total, left] of [
		['the rest of what was announced is zeros', 5, [0, 0, 0]],
		['a phase of unknown length is ended', undefined, []],
	] as const)
		test(what, () =>
			talking(
				async (command) => {
					await command.expect('operationRequest');
					await command.expect('startData');
					expect([...(await command.expect('data')).payload]).toEqual([1, 2]);
					await command.expect('cancel');
					expect([...(await command.expect('endData')).payload]).toEqual(left);
					command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 1, params: [] });
					await answer(command);
				},
				async (connection) => {
					async function* broken() {
						yield Uint8Array.of(1, 2);
						throw new Error('the client has left');
					}
					const send = { total, pieces: broken() };
					await expect(connection.transact({ code: 0x100d, send }, { keepSession: true })).rejects.toThrow('the client has left');
					expect((await connection.transact({ code: 0x1004 })).code).toBe(0x2001);
				},
				{ cancelMs: 20 },
			),
		);

	test('if a source has more than was announced, the camera still gets the announced bytes', () =>
		talking(
			async (command) => {
				await command.expect('operationRequest');
				await command.expect('startData');
				expect([...(await command.expect('data')).payload]).toEqual([1, 2]);
				await command.expect('cancel');
				expect([...(await command.expect('endData')).payload]).toEqual([0]);
				command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 1, params: [] });
				await answer(command);
			},
			async (connection) => {
				const send = { total: 3, pieces: [Uint8Array.of(1, 2), Uint8Array.of(3, 4)] };
				await expect(connection.transact({ code: 0x100d, send }, { keepSession: true })).rejects.toThrow('more than the 3 bytes');
				expect((await connection.transact({ code: 0x1004 })).code).toBe(0x2001);
			},
			{ cancelMs: 20 },
		));
});

test('missing pieces are noticed before End Data is sent', () =>
	talking(
		async (command) => {
			await command.expect('operationRequest');
			await command.expect('startData');
			await command.expect('data');
			await command.expect('cancel');
			command.send({ kind: 'operationResponse', code: 0x201f, transactionId: 1, params: [] });
		},
		async (connection) => {
			const send = { total: 9, pieces: [Uint8Array.of(1)] };
			await expect(connection.transact({ code: 0x100d, send })).rejects.toThrow('1 bytes instead of the 9');
		},
	));

test('aborting a large download sends Cancel and discards the rest, and the connection stays usable', () =>
	talking(
		async (command, event) => {
			await command.expect('operationRequest');
			command.send({ kind: 'startData', transactionId: 1, total: 10_000_000n });
			command.send({ kind: 'data', transactionId: 1 }, new Uint8Array(1000));
			expect(await event.expect('cancel')).toMatchObject({ transactionId: 1 });
			command.send({ kind: 'data', transactionId: 1 }, new Uint8Array(500_000));
			command.send({ kind: 'endData', transactionId: 1 });
			command.send({ kind: 'operationResponse', code: 0x201f, transactionId: 1, params: [] });
			expect(await answer(command)).toMatchObject({ transactionId: 2 });
		},
		async (connection) => {
			const stop = new AbortController();
			let taken = 0;
			const receive: Sink = {
				piece(piece) {
					taken += piece.length;
					stop.abort(new Error('enough'));
				},
			};
			await expect(connection.transact({ code: GET, receive }, { signal: stop.signal })).rejects.toThrow('enough');
			expect(taken).toBeLessThanOrEqual(1000);
			expect((await connection.transact({ code: 0x1004 })).code).toBe(0x2001);
		},
	));

test('a camera that does not end the transaction after Cancel is lost', () =>
	talking(
		async (command, event) => {
			await command.expect('operationRequest');
			command.send({ kind: 'startData', transactionId: 1, total: 10_000_000n });
			command.send({ kind: 'data', transactionId: 1 }, new Uint8Array(10));
			await event.expect('cancel');
			await Promise.all([command.closed, event.closed]);
		},
		async (connection) => {
			const stop = new AbortController();
			const receive: Sink = { piece: () => stop.abort(new Error('enough')) };
			await expect(connection.transact({ code: GET, receive }, { signal: stop.signal })).rejects.toThrow('enough');
			expect(connection.lost).toMatchObject({ kind: 'silent' });
		},
		{ cancelMs: 30 },
	));

test('a failing sink cancels the transaction, which rejects with its error', () =>
	talking(
		async (command) => {
			await command.expect('operationRequest');
			command.send({ kind: 'startData', transactionId: 1, total: 4n });
			command.send({ kind: 'endData', transactionId: 1 }, Uint8Array.of(1, 2, 3, 4));
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 1, params: [] });
			await answer(command);
		},
		async (connection) => {
			const receive: Sink = { piece: () => Promise.reject(new Error('disk full')) };
			await expect(connection.transact({ code: GET, receive })).rejects.toThrow('disk full');
			expect((await connection.transact({ code: 0x1004 })).code).toBe(0x2001);
		},
	));

test('a slow sink slows the camera down: no more is read than the buffers hold', async () => {
	let open = () => {};
	const gate = new Promise<void>((resolve) => {
		open = resolve;
	});
	const total = 64 * 1024 * 1024;
	const timers = handTimers();
	await talking(
		async (command) => {
			await command.expect('operationRequest');
			command.send({ kind: 'startData', transactionId: 1, total: BigInt(total) });
			const chunk = new Uint8Array(1024 * 1024);
			for (let sent = 0; sent < total; sent += chunk.length) {
				command.send({ kind: sent + chunk.length === total ? 'endData' : 'data', transactionId: 1 }, chunk);
				await command.flush(new Uint8Array(0));
			}
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 1, params: [] });
		},
		async (connection) => {
			let held = 0;
			let most = 0;
			let passed = 0;
			const buffers = new Set<ArrayBufferLike>();
			const full = withResolvers();
			const receive: Sink = {
				piece(piece) {
					held += piece.length;
					most = Math.max(most, held);
					buffers.add(piece.buffer);
					// The fourth buffer stays free for the next read, which is not made.
					if (buffers.size === 3) full.resolve();
					return gate.then(() => {
						held -= piece.length;
						passed += piece.length;
					});
				},
			};
			const done = connection.transact({ code: GET, receive }, { silenceMs: 300 });
			await full.promise;
			// It is we who do not read, so the camera is not taken for silent, however long that takes.
			timers.advance(60_000);
			expect(connection.lost).toBeUndefined();
			// Whoever read on would do so in these turns.
			for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
			expect(buffers.size).toBe(3);
			open();
			expect(await done).toMatchObject({ total, received: total });
			expect(passed).toBe(total);
			expect(most).toBeLessThanOrEqual(4 * 512 * 1024);
		},
		{},
		timers,
	);
});

test('silence in the middle of a transaction ends the connection', () =>
	talking(
		async (command, event) => {
			await command.expect('operationRequest');
			command.raw(bytes('14000000 0900')); // half a packet, and then nothing
			await Promise.all([command.closed, event.closed]);
		},
		async (connection) => {
			await expect(connection.transact({ code: GET })).rejects.toMatchObject({ kind: 'silent', message: 'no answer for 40 ms' });
			await expect(connection.transact({ code: GET })).rejects.toBeInstanceOf(ConnectionLost);
			await expect(connection.over).resolves.toMatchObject({ kind: 'silent' });
		},
		{ silenceMs: 40 },
	));

test('setDeadline shortens the time limit of the current transaction', async () => {
	const timers = handTimers();
	let arrive = () => {};
	const arrived = new Promise<void>((resolve) => {
		arrive = resolve;
	});
	await talking(
		async (command, event) => {
			await answer(command);
			await command.expect('operationRequest');
			arrive();
			await Promise.all([command.closed, event.closed]);
		},
		async (connection) => {
			connection.setDeadline(2000); // nothing is under way
			await connection.transact({ code: GET });
			expect(timers.pending).toBe(0);
			const silent = connection.transact({ code: GET }).catch((error: unknown) => error);
			await arrived;
			timers.advance(10_000);
			connection.setDeadline(2000);
			timers.advance(1999);
			expect(connection.lost).toBeUndefined();
			timers.advance(1);
			expect(await silent).toMatchObject({ kind: 'silent', message: 'no answer for 2 s' });
		},
		{ silenceMs: 30_000 },
		timers,
	);
});

test('setDeadline does not end a transaction that makes progress', async () => {
	const timers = handTimers();
	let goOn = () => {};
	const doubted = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	await talking(
		async (command) => {
			await command.expect('operationRequest');
			command.raw(bytes('14000000 09000000 01000000 0200000000000000 0D000000 0A000000 01000000 AA'));
			await doubted;
			command.raw(bytes('0D000000 0C000000 01000000 BB 0E000000 07000000 0120 01000000'));
		},
		async (connection) => {
			let begun = () => {};
			const first = new Promise<void>((resolve) => {
				begun = resolve;
			});
			// The piece comes a second after the doubt.
			const receive = {
				begin: () => {
					connection.setDeadline(2000);
					timers.advance(1000);
				},
				piece: () => begun(),
			};
			const done = connection.transact({ code: GET, receive });
			await first;
			timers.advance(5000);
			goOn();
			expect(await done).toMatchObject({ code: 0x2001, received: 2 });
		},
		{ silenceMs: 30_000 },
		timers,
	);
});

test('silence between transactions does not end the connection', async () => {
	const timers = handTimers();
	await talking(
		async (command) => {
			await answer(command);
			await answer(command);
		},
		async (connection) => {
			await connection.transact({ code: 0x1004 });
			expect(timers.pending).toBe(0);
			timers.advance(3_600_000);
			expect((await connection.transact({ code: 0x1004 })).code).toBe(0x2001);
		},
		{ silenceMs: 30 },
		timers,
	);
});

const START = '14000000 09000000 01000000 6400000000000000';
const signsOfNoLife: [string, string, string][] = [
	['Probe Requests', '', '08000000 0D000000'],
	['events', '', '12000000 08000000 0240 FFFFFFFF 07000000'],
	['empty Data packets', START, '0C000000 0A000000 01000000'],
	['answers to older transactions', '', '0E000000 07000000 0120 00000000'],
];

test.each(signsOfNoLife)('%s do not count as progress, so the silence limit applies', async (_, first, again) => {
	const timers = handTimers();
	let arrived = withResolvers();
	await talking(
		async (command, event) => {
			await command.expect('operationRequest');
			command.raw(bytes(first));
			for (let round = 0; round < 3; round++) {
				command.raw(bytes(again));
				// Answered in the order of arrival: what was before it has been read.
				command.raw(bytes('08000000 0D000000'));
				await command.expect('probeResponse');
				if (again.startsWith('08000000 0D')) await command.expect('probeResponse');
				const before = arrived;
				arrived = withResolvers();
				before.resolve();
			}
			await Promise.all([command.closed, event.closed]);
		},
		async (connection) => {
			const outcome = connection.transact({ code: GET, receive: gathered() }).catch((error: unknown) => error);
			// The time since the request, or since Start Data, which is the last that counts.
			for (let round = 0; round < 3; round++) {
				await arrived.promise;
				expect(connection.lost).toBeUndefined();
				timers.advance(10);
			}
			timers.advance(10);
			expect(await outcome).toMatchObject({ kind: 'silent', message: 'no answer for 40 ms' });
		},
		{ silenceMs: 40 },
		timers,
	);
});

test('data of the transaction counts as progress, however slow it is', async () => {
	const timers = handTimers();
	const steps = [withResolvers(), withResolvers(), withResolvers()];
	await talking(
		async (command) => {
			await command.expect('operationRequest');
			// One packet whose three bytes come one by one.
			command.raw(bytes('14000000 09000000 01000000 0300000000000000 0F000000 0C000000 01000000'));
			for (const { promise } of steps) {
				command.raw(Uint8Array.of(7));
				await promise;
			}
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 1, params: [] });
		},
		async (connection) => {
			let came = 0;
			const receive: Sink = {
				piece() {
					timers.advance(30);
					steps[came++]?.resolve();
				},
			};
			expect(await connection.transact({ code: GET, receive })).toMatchObject({ received: 3 });
		},
		{ silenceMs: 40 },
		timers,
	);
});

test.each(['command', 'event'] as const)('a camera that closes the %s connection is lost at once, without a transaction', (which) =>
	talking(
		async (command, event) => {
			({ command, event })[which].end();
			await Promise.all([command.closed, event.closed]);
		},
		async (connection) => {
			await expect(connection.over).resolves.toMatchObject({ kind: 'closed', message: 'the camera closed the connection' });
		},
	),
);

test('a reset in the middle of data loses the connection', () =>
	talking(
		async (command) => {
			await command.expect('operationRequest');
			command.send({ kind: 'startData', transactionId: 1, total: 100n });
			await command.flush(bytes('40000000 0A000000 01000000 00'));
			command.reset();
		},
		async (connection) => {
			await expect(connection.transact({ code: GET, receive: gathered() })).rejects.toMatchObject({ kind: 'closed' });
		},
	));

const nonsense: [string, string][] = [
	['an absurd length', 'FFFFFFFF 07000000 0120 01000000'],
	['a length of nothing', '00000000 07000000'],
	['an unknown type', '10000000 20000000 0000000000000000'],
	['a handshake packet', '08000000 04000000'],
	['more data than announced', '14000000 09000000 01000000 0100000000000000 0E000000 0C000000 01000000 0102'],
	['an absurd total', '14000000 09000000 01000000 000000000000FF7F'],
	['data without Start Data', '0D000000 0A000000 01000000 01'],
	['another transaction', '0E000000 07000000 0120 09000000'],
];

test.each(nonsense)('%s in an answer ends the connection with a reason', (_, said) =>
	talking(
		async (command, event) => {
			await command.expect('operationRequest');
			command.raw(bytes(said));
			await Promise.all([command.closed, event.closed]);
		},
		async (connection) => {
			await expect(connection.transact({ code: GET, receive: gathered() })).rejects.toMatchObject({ kind: 'broken', message: /./ });
		},
	),
);

test.each([
	['a response', '0E000000 07000000 0120 09000000'],
	['an unknown type', '10000000 20000000 0000000000000000'],
])('%s without a request ends the connection', (_, said) =>
	talking(
		async (command) => {
			command.raw(bytes(said));
			await command.closed;
		},
		async (connection) => {
			await expect(connection.over).resolves.toMatchObject({ kind: 'broken' });
		},
	),
);

test('close does not wait long for a camera that does not close its side', async () => {
	await using camera = await scriptedCamera(async (lines) => void (await shakeHands(lines)), { allowHalfOpen: true });
	const { connection } = await dial({
		host: '127.0.0.1',
		port: camera.port,
		guid: new Uint8Array(16),
		name: 'studio',
		timeouts: { closeMs: 50 },
		signal: AbortSignal.timeout(20_000),
	});
	await connection?.close();
	expect(connection?.lost).toMatchObject({ kind: 'closed' });
});

test('Probes are answered on both connections, between transactions and in the middle of data', () =>
	talking(
		async (command, event) => {
			event.send({ kind: 'probeRequest' });
			await event.expect('probeResponse');
			command.send({ kind: 'probeRequest' });
			await command.expect('probeResponse');
			event.send({ kind: 'event', code: 0x4002, transactionId: 0, params: [] });
			await command.expect('operationRequest');
			command.send({ kind: 'startData', transactionId: 1, total: 2n });
			command.send({ kind: 'probeRequest' });
			await command.expect('probeResponse');
			command.send({ kind: 'endData', transactionId: 1 }, Uint8Array.of(1, 2));
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 1, params: [] });
		},
		async (connection) => {
			await new Promise<void>((resolve) => connection.listen(() => resolve()));
			expect(await connection.transact({ code: GET })).toMatchObject({ received: 2 });
		},
	));

test("listeners get the camera's events from either connection", () =>
	talking(
		async (command, event) => {
			await command.expect('operationRequest');
			event.send({ kind: 'event', code: 0x4002, transactionId: 0xffffffff, params: [7] });
			// The answer to a Probe shows that the event has been read.
			event.send({ kind: 'probeRequest' });
			await event.expect('probeResponse');
			command.send({ kind: 'event', code: 0x400c, transactionId: 0, params: [] });
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 1, params: [] });
		},
		async (connection) => {
			const heard: number[] = [];
			connection.listen(({ code }) => heard.push(code));
			await connection.transact({ code: 0x1004 });
			expect(heard).toEqual([0x4002, 0x400c]);
		},
	));

test('an operation is repeated while the camera is busy', () =>
	talking(
		async (command) => {
			for (const code of [0x2019, 0x2019, 0x2001]) await answer(command, code);
		},
		async (connection) => {
			expect((await perform(connection, { code: 0x1004 }, { busy: { busyMs: 5000, busyPauseMs: 1 } })).code).toBe(0x2001);
		},
	));

test('a camera that stays busy is not asked indefinitely', () =>
	talking(
		async (command) => {
			await answer(command, 0x2019);
		},
		async (connection) => {
			await expect(perform(connection, { code: 0x1004 }, { busy: { busyMs: 0, busyPauseMs: 1 } })).rejects.toBeInstanceOf(OperationRefused);
		},
	));

test('OK after too little data throws WrongLength', () =>
	talking(
		async (command) => {
			await command.expect('operationRequest');
			command.raw(bytes('14000000 09000000 01000000 0500000000000000 0E000000 0C000000 01000000 0102 0E000000 07000000 0120 01000000'));
			await answer(command);
		},
		async (connection) => {
			await expect(perform(connection, { code: GET })).rejects.toBeInstanceOf(WrongLength);
			// The stream is whole, so the connection is good.
			expect((await connection.transact({ code: 0x1004 })).code).toBe(0x2001);
		},
	));

test('a dataset that is too large is refused before it is kept', () =>
	talking(
		async (command) => {
			await command.expect('operationRequest');
			command.send({ kind: 'startData', transactionId: 1, total: 200n });
			command.send({ kind: 'endData', transactionId: 1 }, new Uint8Array(200));
			command.send({ kind: 'operationResponse', code: 0x2001, transactionId: 1, params: [] });
		},
		async (connection) => {
			await expect(fetchData(connection, { code: GET, atMost: 100 })).rejects.toBeInstanceOf(WrongLength);
		},
	));
