/** Reads and writes little-endian values, the byte order of PTP and PTP-IP. */

/** Thrown when bytes end before a value is complete, or hold a value that its field forbids. */
export class MalformedBytes extends Error {
	override readonly name = 'MalformedBytes';
}

/** Reads values one after the other. Throws `MalformedBytes` instead of reading past the end. */
export class Reader {
	readonly #view: DataView;
	#at: number;

	constructor(bytes: Uint8Array, at = 0) {
		this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.#at = at;
	}

	/** Bytes not read yet. */
	get left(): number {
		return this.#view.byteLength - this.#at;
	}

	#take(size: number): number {
		if (size > this.left) throw new MalformedBytes(`${size} bytes wanted, ${this.left} left`);
		const at = this.#at;
		this.#at += size;
		return at;
	}

	u8(): number {
		return this.#view.getUint8(this.#take(1));
	}

	u16(): number {
		return this.#view.getUint16(this.#take(2), true);
	}

	u32(): number {
		return this.#view.getUint32(this.#take(4), true);
	}

	i32(): number {
		return this.#view.getInt32(this.#take(4), true);
	}

	u64(): bigint {
		return this.#view.getBigUint64(this.#take(8), true);
	}

	/** Returns a view, not a copy, of the next `size` bytes. */
	bytes(size: number): Uint8Array {
		const at = this.#take(size);
		return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, size);
	}
}

/** Writes values one after the other into a growing buffer. */
export class Writer {
	#bytes = new Uint8Array(64);
	#view = new DataView(this.#bytes.buffer);
	#length = 0;

	#room(size: number): number {
		const at = this.#length;
		this.#length += size;
		if (this.#length > this.#bytes.length) {
			const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
			larger.set(this.#bytes);
			this.#bytes = larger;
			this.#view = new DataView(larger.buffer);
		}
		return at;
	}

	u8(value: number): void {
		const at = this.#room(1);
		this.#view.setUint8(at, value);
	}

	u16(value: number): void {
		const at = this.#room(2);
		this.#view.setUint16(at, value, true);
	}

	u32(value: number): void {
		const at = this.#room(4);
		this.#view.setUint32(at, value, true);
	}

	i32(value: number): void {
		const at = this.#room(4);
		this.#view.setInt32(at, value, true);
	}

	u64(value: bigint): void {
		const at = this.#room(8);
		this.#view.setBigUint64(at, value, true);
	}

	bytes(value: Uint8Array): void {
		const at = this.#room(value.length);
		this.#bytes.set(value, at);
	}

	/** Returns a view of everything written so far. */
	done(): Uint8Array {
		return this.#bytes.subarray(0, this.#length);
	}
}
