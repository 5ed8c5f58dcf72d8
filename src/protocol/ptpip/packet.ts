/**
 * PTP-IP packets, named as in CIPA DC-X005, little-endian. Every packet begins with its total length and its type, u32
 * each; the layouts below describe the rest. The payloads of Data and End Data are not part of a `Packet`, because
 * `framing.ts` passes them on piece by piece, so that no object is ever held in memory as a whole.
 */
import { MalformedBytes, Reader, Writer } from '../wire/bytes.ts';
import { type Field, guid, struct, u16, u32, u32s, u64, utf16z, type ValueOf } from '../wire/fields.ts';

export { PTPIP_PORT } from './port.ts';

/** Bytes of the common header: u32 length, u32 type. */
export const HEADER_BYTES = 8;
/** Bytes of a Data or End Data packet before its payload: header and transaction id. */
export const DATA_HEADER_BYTES = 12;
/** The protocol version: minor 0, major 1, as one u32 (bytes `00 00 01 00`). */
export const PTPIP_1_0 = 0x0001_0000;
/** Start Data's `total` when the length is not known beforehand. */
export const UNKNOWN_TOTAL = 0xffff_ffff_ffff_ffffn;

/** Transaction id of an event that belongs to no transaction (ISO 15740). */
export const NO_TRANSACTION = 0xffff_ffff;

/** Reasons of Init Fail. Only `rejected` has been seen from Canon. */
export const INIT_FAIL = { rejected: 1, busy: 2, unspecified: 3 } as const;

/** `dataPhase` of an Operation Request. chdkptp always sends 0, and cameras accept that. */
export const DATA_PHASE = { inOrNone: 1, out: 2 } as const;

const layouts = {
	initCommandRequest: { type: 0x01, body: struct({ guid, friendlyName: utf16z, version: u32 }) },
	initCommandAck: { type: 0x02, body: struct({ connectionNumber: u32, guid, friendlyName: utf16z, version: u32 }) },
	initEventRequest: { type: 0x03, body: struct({ connectionNumber: u32 }) },
	initEventAck: { type: 0x04, body: struct({}) },
	initFail: { type: 0x05, body: struct({ reason: u32 }) },
	operationRequest: { type: 0x06, body: struct({ dataPhase: u32, code: u16, transactionId: u32, params: u32s }) },
	operationResponse: { type: 0x07, body: struct({ code: u16, transactionId: u32, params: u32s }) },
	event: { type: 0x08, body: struct({ code: u16, transactionId: u32, params: u32s }) },
	startData: { type: 0x09, body: struct({ transactionId: u32, total: u64 }) },
	data: { type: 0x0a, body: struct({ transactionId: u32 }) },
	cancel: { type: 0x0b, body: struct({ transactionId: u32 }) },
	endData: { type: 0x0c, body: struct({ transactionId: u32 }) },
	probeRequest: { type: 0x0d, body: struct({}) },
	probeResponse: { type: 0x0e, body: struct({}) },
} as const;

type Layouts = typeof layouts;
export type PacketKind = keyof Layouts;
/** Any packet. For `data` and `endData` it is the part before the payload. */
export type Packet = { [K in PacketKind]: { kind: K } & ValueOf<Layouts[K]['body']> }[PacketKind];
/** A packet of one kind. */
export type PacketOf<K extends PacketKind> = Extract<Packet, { kind: K }>;

const kindByType = new Map<number, PacketKind>(Object.entries(layouts).map(([kind, { type }]) => [type, kind as PacketKind]));

/** Returns the kind with this type number; `undefined` if the standard has none. */
export function packetKind(type: number): PacketKind | undefined {
	return kindByType.get(type);
}

/**
 * Encodes a packet with its header. For `data` and `endData`, `payloadBytes` is how many bytes of payload the caller
 * sends right after; the length field includes them.
 */
export function encodePacket(packet: Packet, payloadBytes = 0): Uint8Array {
	const { type, body } = layouts[packet.kind];
	const to = new Writer();
	to.u32(0);
	to.u32(type);
	(body as Field<Packet>).write(to, packet);
	const bytes = to.done();
	new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, bytes.length + payloadBytes, true);
	return bytes;
}

/** Decodes a packet with its header. Throws `MalformedBytes` for an unknown type or a short body. */
export function decodePacket(frame: Uint8Array): Packet {
	const from = new Reader(frame);
	from.u32();
	const type = from.u32();
	const kind = packetKind(type);
	if (kind === undefined) throw new MalformedBytes(`packet type ${type} does not exist`);
	return Object.assign(layouts[kind].body.read(from), { kind }) as Packet;
}
