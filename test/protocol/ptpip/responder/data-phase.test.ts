import { expect, test } from 'vitest';
import { type Frame, Framing } from '#protocol/ptpip/framing.ts';
import { UNKNOWN_TOTAL } from '#protocol/ptpip/packet.ts';
import { DataPhase } from '#protocol/ptpip/responder/data-phase.ts';

/** Frames of packets written by hand, in hex. */
const frames = (...packets: string[]): Frame[] => [...new Framing().push(Buffer.from(packets.join('').replaceAll(' ', ''), 'hex'))];

const DATA_1234 = '10000000 0a000000 01000000 01020304';
const END_56 = '0e000000 0c000000 01000000 0506';
const EMPTY_END = '0c000000 0c000000 01000000';
const CANCEL = '0c000000 0b000000 01000000';

function phaseOf(total: bigint, ...packets: string[]) {
	const phase = new DataPhase(total);
	return { phase, roles: frames(...packets).map((frame) => phase.take(frame)) };
}

test('Data and End Data with the announced length are whole', () => {
	const { phase, roles } = phaseOf(6n, DATA_1234, END_56);
	expect(roles).toEqual(['framing', 'piece', 'framing', 'piece']);
	expect(phase).toMatchObject({ total: 6, received: 6, ended: true, tooLong: false, tooShort: false });
});

test('an empty End Data ends a data phase', () => {
	expect(phaseOf(4n, DATA_1234, EMPTY_END).phase).toMatchObject({ received: 4, ended: true, tooShort: false });
	expect(phaseOf(5n, DATA_1234, EMPTY_END).phase).toMatchObject({ received: 4, ended: true, tooShort: true });
});

test('the data phase goes on until the payload of End Data has been read', () => {
	const phase = new DataPhase(6n);
	const framing = new Framing();
	for (const frame of framing.push(Buffer.from('0e0000000c0000000100000005', 'hex'))) phase.take(frame);
	expect(phase.ended).toBe(false);
	for (const frame of framing.push(Buffer.from('06', 'hex'))) phase.take(frame);
	expect(phase).toMatchObject({ received: 2, ended: true });
});

test('more than was announced is noticed with the first piece that is too much', () => {
	expect(phaseOf(4n, DATA_1234).phase.tooLong).toBe(false);
	expect(phaseOf(3n, DATA_1234).phase.tooLong).toBe(true);
});

test('a length that was not announced is neither too long nor too short', () => {
	expect(phaseOf(UNKNOWN_TOTAL, DATA_1234, END_56).phase).toMatchObject({ total: undefined, ended: true, tooLong: false, tooShort: false });
});

test('a total of 0 ends with Start Data, as libgphoto2 sends it', () => {
	expect(new DataPhase(0n).ended).toBe(true);
});

test('a packet that does not belong to the data phase changes nothing', () => {
	const { phase, roles } = phaseOf(6n, DATA_1234, CANCEL);
	expect(roles.at(-1)).toBe('foreign');
	expect(phase).toMatchObject({ received: 4, ended: false });
});
