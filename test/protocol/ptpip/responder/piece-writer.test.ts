import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { PieceWriter } from '#protocol/ptpip/responder/piece-writer.ts';

/** A socket that takes one write at a time, when it is told to; `writes` are the bytes of each. */
function hesitant() {
	const writes: number[] = [];
	const taking: (() => void)[] = [];
	const socket = new Writable({
		writev(chunks, taken) {
			writes.push(chunks.reduce((sum, { chunk }) => sum + chunk.length, 0));
			taking.push(taken);
		},
	});
	return { socket: socket as Socket, writes, take: () => taking.shift()?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a large write goes in pieces, its header with the first; the bytes may be used again after the last', async () => {
	const { socket, writes, take } = hesitant();
	const writer = new PieceWriter(socket, 64 * 1024);
	let written = false;
	writer.write([new Uint8Array(12), new Uint8Array(150 * 1024)], () => {
		written = true;
	});
	const unsent = [writer.unsent];
	for (let n = 0; n < 3; n++) {
		expect(written).toBe(false);
		take();
		await turn();
		unsent.push(writer.unsent);
	}
	expect(writes).toEqual([64 * 1024 + 12, 64 * 1024, 22 * 1024]);
	expect(unsent).toEqual([150 * 1024 + 12, 86 * 1024, 22 * 1024, 0]);
	expect(written).toBe(true);
});

test('where the system tells how much of a write is left, all of it goes at once, and what came meanwhile goes next', async () => {
	const { socket, writes, take } = hesitant();
	const writer = new PieceWriter(socket, Number.POSITIVE_INFINITY);
	writer.write([new Uint8Array(12), new Uint8Array(1024 * 1024)]);
	writer.write([new Uint8Array(12), new Uint8Array(512 * 1024)]);
	writer.write([new Uint8Array(14)]);
	take();
	await turn();
	expect(writes).toEqual([1024 * 1024 + 12, 512 * 1024 + 12 + 14]);
});
