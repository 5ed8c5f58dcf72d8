import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { KEPT_BYTES, ReplayableStdin } from '#tools/output/stdin.ts';
import { Memory } from '../harness.ts';

const turns = async (): Promise<void> => {
	for (let i = 0; i < 10; i++) await turn();
};

describe('stdin belongs to the attempt that connects', () => {
	test('it is not touched before the first attempt', () => {
		new ReplayableStdin(() => {
			throw new Error('opened');
		});
	});

	test('what a refused attempt was given is given to the next one, in order, with its end', async () => {
		const source = new PassThrough();
		const stdin = new ReplayableStdin(() => source);
		const [first, second] = [new Memory(), new Memory()];
		const refused = stdin.attach(first);
		source.write('one\n');
		await turns();
		refused.detach();
		source.end('two\n');
		await turns();
		expect(first.text).toBe('one\n');
		stdin.attach(second).confirm();
		await turns();
		expect(second.text).toBe('one\ntwo\n');
		expect(second.writableEnded).toBe(true);
	});

	test('the end is told to every attempt', async () => {
		const source = new PassThrough();
		const stdin = new ReplayableStdin(() => source);
		source.end('all\n');
		for (let i = 0; i < 3; i++) {
			const to = new Memory();
			const attached = stdin.attach(to);
			await turns();
			expect(to.text).toBe('all\n');
			expect(to.writableEnded).toBe(true);
			attached.detach();
		}
	});

	test('what a connected attempt took does not come again', async () => {
		const source = new PassThrough();
		const stdin = new ReplayableStdin(() => source);
		const session = stdin.attach(new Memory());
		source.write('mine\n');
		await turns();
		session.confirm();
		session.detach();
		source.write('next\n');
		const after = new Memory();
		stdin.attach(after);
		await turns();
		expect(after.text).toBe('next\n');
	});

	test('an undecided attempt gets a bounded amount, the rest waits unread', async () => {
		const source = new PassThrough({ highWaterMark: 1 << 14 });
		const stdin = new ReplayableStdin(() => source);
		const to = new Memory();
		const attached = stdin.attach(to);
		const piece = new Uint8Array(1 << 14);
		for (let i = 0; i < 40; i++) source.write(piece);
		source.end();
		await turns();
		expect(to.bytes.length).toBeLessThanOrEqual(KEPT_BYTES + piece.length);
		attached.confirm();
		await turns();
		await turns();
		expect(to.bytes.length).toBe(40 * piece.length);
	});

	test('a tool that does not read holds the source back', async () => {
		const source = new PassThrough({ highWaterMark: 1024 });
		const stdin = new ReplayableStdin(() => source);
		let taken = 0;
		const stuck = new Writable({
			highWaterMark: 1024,
			write(piece: Uint8Array) {
				taken += piece.length; // and never says that it is done
			},
		});
		stdin.attach(stuck).confirm();
		for (let i = 0; i < 1000; i++) source.write(new Uint8Array(1024));
		await turns();
		expect(taken).toBe(1024);
		expect(stuck.writableLength).toBeLessThanOrEqual(4096);
		expect(source.isPaused()).toBe(true);
	});

	test('a tool that has gone breaks nothing (EPIPE)', async () => {
		const source = new PassThrough();
		const stdin = new ReplayableStdin(() => source);
		const gone = new Writable({ write: (_piece, _encoding, done) => done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' })) });
		const attached = stdin.attach(gone);
		source.write('ls\n');
		await turns();
		attached.detach();
		const next = new Memory();
		stdin.attach(next);
		await turns();
		expect(next.text).toBe('ls\n');
	});
});
