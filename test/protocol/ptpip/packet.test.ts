import { describe, expect, test } from 'vitest';
import { decodePacket, encodePacket, type Packet } from '#protocol/ptpip/packet.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';
import { bytes, hex } from '../../support/hex.ts';

const guid = bytes('0000000000000000 DEADBEEF12345678');
const cameraGuid = bytes('0000000000000000 00012C9EFC010203');

/** Written by hand from CIPA DC-X005's layouts, as libgphoto2 and chdkptp have them; none of it by our encoder. */
const golden: { name: string; packet: Packet; payloadBytes?: number; wire: string }[] = [
	{
		name: 'Init Command Request of chdkptp',
		packet: { kind: 'initCommandRequest', guid, friendlyName: 'whee', version: 0x10000 },
		// 8 + 16 + 5 UTF-16 units + 4 = 38
		wire: '26000000 01000000 0000000000000000 DEADBEEF12345678 7700680065006500 0000 00000100',
	},
	{
		name: 'Init Command Request with an empty name',
		packet: { kind: 'initCommandRequest', guid, friendlyName: '', version: 0x10000 },
		wire: '1E000000 01000000 0000000000000000 DEADBEEF12345678 0000 00000100',
	},
	{
		name: 'Init Command Ack',
		packet: { kind: 'initCommandAck', connectionNumber: 1, guid: cameraGuid, friendlyName: 'CAM', version: 0x10000 },
		wire: '28000000 02000000 01000000 0000000000000000 00012C9EFC010203 430041004D00 0000 00000100',
	},
	{ name: 'Init Event Request', packet: { kind: 'initEventRequest', connectionNumber: 1 }, wire: '0C000000 03000000 01000000' },
	{ name: 'Init Event Ack', packet: { kind: 'initEventAck' }, wire: '08000000 04000000' },
	{ name: 'Init Fail, rejected', packet: { kind: 'initFail', reason: 1 }, wire: '0C000000 05000000 01000000' },
	{
		name: 'OpenSession(1), transaction 0',
		packet: { kind: 'operationRequest', dataPhase: 0, code: 0x1002, transactionId: 0, params: [1] },
		wire: '16000000 06000000 00000000 0210 00000000 01000000',
	},
	{
		name: 'GetDeviceInfo, transaction 1, no parameter',
		packet: { kind: 'operationRequest', dataPhase: 1, code: 0x1001, transactionId: 1, params: [] },
		wire: '12000000 06000000 01000000 0110 01000000',
	},
	{
		name: 'GetObjectHandles(all, 0, 0), transaction 2',
		packet: { kind: 'operationRequest', dataPhase: 0, code: 0x1007, transactionId: 2, params: [0xffffffff, 0, 0] },
		wire: '1E000000 06000000 00000000 0710 02000000 FFFFFFFF 00000000 00000000',
	},
	{
		name: 'ExecuteScript, flags 0x700, data out',
		packet: { kind: 'operationRequest', dataPhase: 2, code: 0x9999, transactionId: 4, params: [7, 0x700] },
		wire: '1A000000 06000000 02000000 9999 04000000 07000000 00070000',
	},
	{
		name: 'Response OK, transaction 0',
		packet: { kind: 'operationResponse', code: 0x2001, transactionId: 0, params: [] },
		wire: '0E000000 07000000 0120 00000000',
	},
	{
		name: 'Response of CHDK Version: 2.9',
		packet: { kind: 'operationResponse', code: 0x2001, transactionId: 2, params: [2, 9] },
		wire: '16000000 07000000 0120 02000000 02000000 09000000',
	},
	{
		name: 'Event ObjectAdded(handle 0x11223344)',
		packet: { kind: 'event', code: 0x4002, transactionId: 0xffffffff, params: [0x11223344] },
		wire: '12000000 08000000 0240 FFFFFFFF 44332211',
	},
	{
		name: 'Start Data, 0x123 bytes',
		packet: { kind: 'startData', transactionId: 1, total: 0x123n },
		wire: '14000000 09000000 01000000 2301000000000000',
	},
	{
		name: 'Start Data, more than 4 GiB',
		packet: { kind: 'startData', transactionId: 0x0a0b0c0d, total: 0x1_0000_0002n },
		wire: '14000000 09000000 0D0C0B0A 0200000001000000',
	},
	{
		name: 'Data with 24 bytes to follow, transaction id 0 as chdkptp sends it',
		packet: { kind: 'data', transactionId: 0 },
		payloadBytes: 24,
		wire: '24000000 0A000000 00000000',
	},
	{ name: 'Cancel', packet: { kind: 'cancel', transactionId: 7 }, wire: '0C000000 0B000000 07000000' },
	{ name: 'End Data, empty', packet: { kind: 'endData', transactionId: 4 }, wire: '0C000000 0C000000 04000000' },
	{
		name: 'End Data with 3 bytes to follow',
		packet: { kind: 'endData', transactionId: 4 },
		payloadBytes: 3,
		wire: '0F000000 0C000000 04000000',
	},
	{ name: 'Probe Request', packet: { kind: 'probeRequest' }, wire: '08000000 0D000000' },
	{ name: 'Probe Response', packet: { kind: 'probeResponse' }, wire: '08000000 0E000000' },
];

describe.each(golden)('$name', ({ packet, payloadBytes, wire }) => {
	test('is written as it stands in the standard', () => {
		expect(hex(encodePacket(packet, payloadBytes))).toBe(hex(bytes(wire)));
	});
	test('is read back', () => {
		expect(decodePacket(bytes(wire))).toEqual(packet);
	});
});

test('the golden bytes leave no packet type out', () => {
	const types = golden.map(({ wire }) => new DataView(bytes(wire).buffer).getUint32(4, true));
	expect([...new Set(types)].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
});

test.each([
	['a type that does not exist', '08000000 0F000000'],
	['type 0', '08000000 00000000'],
	['a body that is too short', '0A000000 05000000 0100'],
	['a name without its NUL', '22000000 02000000 01000000 0000000000000000 00012C9EFC010203 430041004D00'],
	['a name cut in the middle of a unit', '1F000000 02000000 01000000 0000000000000000 00012C9EFC010203 430041'],
])('%s is malformed', (_, wire) => {
	expect(() => decodePacket(bytes(wire))).toThrow(MalformedBytes);
});
