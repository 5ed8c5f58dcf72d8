/** Declarations of values on the wire. A codec is a list of fields, not a list of offsets. */
import { MalformedBytes, type Reader, type Writer } from './bytes.ts';

/** Reads and writes one value on the wire. `read` throws `MalformedBytes`. */
export interface Field<T> {
	read(from: Reader): T;
	write(to: Writer, value: T): void;
}

/** The type of the value that a field carries. */
export type ValueOf<F> = F extends Field<infer T> ? T : never;

export const u8: Field<number> = { read: (r) => r.u8(), write: (w, v) => w.u8(v) };
export const u16: Field<number> = { read: (r) => r.u16(), write: (w, v) => w.u16(v) };
export const u32: Field<number> = { read: (r) => r.u32(), write: (w, v) => w.u32(v) };
export const u64: Field<bigint> = { read: (r) => r.u64(), write: (w, v) => w.u64(v) };

/** A GUID: sixteen bytes in the order of its text (observed in the field: no byte swapping). */
export const guid: Field<Uint8Array> = {
	read: (r) => r.bytes(16).slice(),
	write: (w, v) => {
		if (v.length !== 16) throw new MalformedBytes(`a GUID has 16 bytes, not ${v.length}`);
		w.bytes(v);
	},
};

/** UTF-16LE text terminated by a NUL unit (PTP-IP's friendly names). */
export const utf16z: Field<string> = {
	read: (r) => {
		let text = '';
		for (let unit = r.u16(); unit !== 0; unit = r.u16()) text += String.fromCharCode(unit);
		return text;
	},
	write: (w, v) => {
		for (let i = 0; i < v.length; i++) w.u16(v.charCodeAt(i));
		w.u16(0);
	},
};

/** PTP's string: a u8 count of UTF-16LE units including the final NUL, then the units. A count of 0 is the empty string. */
export const ptpString: Field<string> = {
	read: (r) => {
		const units = r.u8();
		let text = '';
		let ended = false;
		for (let i = 0; i < units; i++) {
			const unit = r.u16();
			if (unit === 0) ended = true;
			if (!ended) text += String.fromCharCode(unit);
		}
		return text;
	},
	write: (w, v) => {
		if (v === '') return w.u8(0);
		const text = v.slice(0, 254);
		w.u8(text.length + 1);
		utf16z.write(w, text);
	},
};

/** The rest of the packet as u32 values (operation and response parameters). */
export const u32s: Field<readonly number[]> = {
	read: (r) => {
		const values: number[] = [];
		while (r.left >= 4) values.push(r.u32());
		return values;
	},
	write: (w, v) => {
		for (const value of v) w.u32(value);
	},
};

/** PTP's array: a u32 count, then the items. */
export function array<T>(item: Field<T>): Field<readonly T[]> {
	return {
		read: (r) => {
			const count = r.u32();
			if (count > r.left) throw new MalformedBytes(`an array of ${count} items in ${r.left} bytes`);
			return Array.from({ length: count }, () => item.read(r));
		},
		write: (w, v) => {
			w.u32(v.length);
			for (const value of v) item.write(w, value);
		},
	};
}

/** A sequence of named fields. */
// biome-ignore lint/suspicious/noExplicitAny: the value types differ from field to field; `ValueOf` gives each back.
export function struct<S extends Record<string, Field<any>>>(shape: S): Field<{ [K in keyof S]: ValueOf<S[K]> }> {
	const fields = Object.entries(shape);
	return {
		// A plain loop, because this runs for every packet.
		read: (from) => {
			const value: Record<string, unknown> = {};
			for (const [name, field] of fields) value[name] = field.read(from);
			return value as never;
		},
		write: (to, value) => {
			for (const [name, field] of fields) field.write(to, value[name]);
		},
	};
}
