import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Framing, LONGEST_PLAIN_PACKET } from '#protocol/ptpip/framing.ts';
import { encodePacket, type Packet } from '#protocol/ptpip/packet.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';
import { fuzzRuns } from '../../support/fuzz.ts';
import { bytes, hex } from '../../support/hex.ts';

const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const guid = fc.uint8Array({ minLength: 16, maxLength: 16 });
const friendlyName = fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\0', ''));
const params = fc.array(u32, { maxLength: 5 });
const payload = fc.uint8Array({ maxLength: 300 });

/** A packet with the payload that follows it. */
const sent: fc.Arbitrary<{ packet: Packet; payload: Uint8Array }> = fc.oneof(
	...[
		fc.record({ kind: fc.constant('initCommandRequest' as const), guid, friendlyName, version: u32 }),
		fc.record({ kind: fc.constant('initCommandAck' as const), connectionNumber: u32, guid, friendlyName, version: u32 }),
		fc.record({ kind: fc.constant('initEventRequest' as const), connectionNumber: u32 }),
		fc.record({ kind: fc.constantFrom('initEventAck' as const, 'probeRequest' as const, 'probeResponse' as const) }),
		fc.record({ kind: fc.constant('initFail' as const), reason: u32 }),
		fc.record({ kind: fc.constant('operationRequest' as const), dataPhase: u32, code: u16, transactionId: u32, params }),
		fc.record({ kind: fc.constantFrom('operationResponse' as const, 'event' as const), code: u16, transactionId: u32, params }),
		fc.record({ kind: fc.constant('startData' as const), transactionId: u32, total: fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }) }),
		fc.record({ kind: fc.constant('cancel' as const), transactionId: u32 }),
	].map((packet) => fc.record({ packet: packet as fc.Arbitrary<Packet>, payload: fc.constant(new Uint8Array(0)) })),
	fc.record({ packet: fc.record({ kind: fc.constantFrom('data' as const, 'endData' as const), transactionId: u32 }), payload }),
);

/** What was sent, put together again from frames. */
function readAll(pieces: Iterable<Uint8Array>): { packet: Packet; payload: string }[] {
	const framing = new Framing();
	const all: { packet: Packet; payload: string; announced: number }[] = [];
	for (const piece of pieces)
		for (const frame of framing.push(piece)) {
			if (frame.type === 'packet') all.push({ packet: frame.packet, payload: '', announced: frame.payloadBytes });
			else {
				const last = all.at(-1);
				if (last === undefined) throw new Error('payload before its packet');
				last.payload += hex(frame.bytes);
				expect(frame.left).toBe(last.announced - last.payload.length / 2);
			}
		}
	expect(framing.atPacketBoundary).toBe(true);
	return all.map(({ packet, payload }) => ({ packet, payload }));
}

function cut(stream: Uint8Array, at: readonly number[]): Uint8Array[] {
	const borders = [...new Set([0, ...at.map((place) => place % (stream.length + 1)), stream.length])].sort((a, b) => a - b);
	return borders.slice(1).map((end, index) => stream.slice(borders[index], end));
}

const join = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

test('however TCP cuts the stream, the same packets come out', () => {
	fc.assert(
		fc.property(fc.array(sent, { maxLength: 8 }), fc.array(fc.nat(4000), { maxLength: 60 }), (packets, at) => {
			const stream = join(packets.flatMap(({ packet, payload }) => [encodePacket(packet, payload.length), payload]));
			const wanted = packets.map(({ packet, payload }) => ({ packet, payload: hex(payload) }));
			expect(readAll(cut(stream, at))).toEqual(wanted);
		}),
		{ numRuns: fuzzRuns(500).count },
	);
});

test('byte by byte the same packets come out', () => {
	const stream = bytes('0F000000 0C000000 04000000 AABBCC 08000000 0D000000 0E000000 07000000 0120 05000000');
	expect(readAll([...stream].map((byte) => Uint8Array.of(byte)))).toEqual([
		{ packet: { kind: 'endData', transactionId: 4 }, payload: 'aabbcc' },
		{ packet: { kind: 'probeRequest' }, payload: '' },
		{ packet: { kind: 'operationResponse', code: 0x2001, transactionId: 5, params: [] }, payload: '' },
	]);
});

test('payload comes as views on what was pushed: nothing is collected', () => {
	const pushed = join([bytes('0C000001 0A000000 01000000'), new Uint8Array(1000)]);
	const pieces = [...new Framing().push(pushed)].filter((frame) => frame.type === 'payload');
	expect(pieces).toHaveLength(1);
	expect(pieces[0]?.bytes.buffer).toBe(pushed.buffer);
	expect(pieces[0]?.left).toBe(0x100000c - 12 - 1000);
});

test.each([
	['length 0', '00000000 07000000'],
	['a length below the header', '07000000 0D000000'],
	['a data packet shorter than its header', '0B000000 0A000000'],
	['a response of 4 GiB', 'FFFFFFFF 07000000'],
	['a plain packet over the limit', '01100000 08000000'],
	['a type that does not exist', '10000000 63000000'],
])('%s ends the stream', (_, wire) => {
	expect(() => [...new Framing().push(bytes(wire))]).toThrow(MalformedBytes);
});

test('whatever bytes come, nothing but MalformedBytes is thrown and nothing grows', () => {
	const fuzz = fuzzRuns(100_000);
	let ended = 0;
	let packets = 0;
	fuzz.each(() => {
		const framing = new Framing();
		try {
			for (const chunk of hostile(fuzz))
				for (const frame of framing.push(chunk)) {
					if (frame.type === 'packet') packets++;
					else if (frame.bytes.length > chunk.length) throw new Error('more came out than went in');
				}
		} catch (error) {
			if (!(error instanceof MalformedBytes)) throw error;
			ended++;
		}
	});
	// The cases are of use only if both happen often.
	expect(ended).toBeGreaterThan(fuzz.count / 10);
	expect(packets).toBeGreaterThan(fuzz.count / 10);
}, 600_000);

/** A stream of packets that are nearly right, cut somewhere: likely headers, and chance between them. */
function hostile({ below, pick }: ReturnType<typeof fuzzRuns>): Uint8Array[] {
	const stream = Uint8Array.from({ length: 8 + below(120) }, () => below(256));
	const view = new DataView(stream.buffer);
	const nonsense = below(10) === 0;
	let at = 0;
	while (!nonsense && at + 8 <= stream.length) {
		const length = pick([
			8,
			12,
			14,
			18 + below(20),
			8 + below(40),
			8 + below(40),
			below(12),
			LONGEST_PLAIN_PACKET - 1 + below(3),
			below(2 ** 32),
		]);
		view.setUint32(at, length, true);
		view.setUint32(at + 4, below(20) === 0 ? below(2 ** 32) : 1 + below(14), true);
		at += Math.max(length, 8);
	}
	const border = below(stream.length);
	return [stream.subarray(0, border), stream.subarray(border)];
}

test('a megabyte of Probe Requests leaves the reader as it was', () => {
	const framing = new Framing();
	const probes = join(Array.from({ length: 1000 }, () => encodePacket({ kind: 'probeRequest' })));
	let count = 0;
	for (let round = 0; round < 131; round++) for (const frame of framing.push(probes)) if (frame.type === 'packet') count++;
	expect(count).toBe(131_000);
	expect(framing.atPacketBoundary).toBe(true);
});

test('names with control characters and lone surrogates are kept as they are: showing them is another matter', () => {
	const wire = '26000000 02000000 01000000 0000000000000000 00012C9EFC010203 1B00 00D8 0000 00000100';
	const [frame] = [...new Framing().push(bytes(wire))];
	expect(frame).toMatchObject({ packet: { kind: 'initCommandAck', friendlyName: '\u001b\ud800' } });
});
