/** The typical Huffman tables of ITU-T T.81 annex K.3, and a writer for bits. */

/** A table in the form of JPEG's DHT segment: how many codes of each length 1 to 16, then the symbols in code order. */
export interface HuffmanTable {
	counts: readonly number[];
	symbols: readonly number[];
}

/** Reads bytes from hexadecimal text. */
const bytes = (hex: string): number[] => (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));

/** The table for DC coefficients. */
export const DC_LUMINANCE: HuffmanTable = {
	counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
	symbols: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

/** The table for AC coefficients. */
export const AC_LUMINANCE: HuffmanTable = {
	counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
	symbols: bytes(
		'01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282' +
			'090a161718191a25262728292a3435363738393a434445464748494a535455565758595a' +
			'636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4' +
			'a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3' +
			'e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
	),
};

/** Returns code and length by symbol, as `code << 5 | length`. */
export function codesOf({ counts, symbols }: HuffmanTable): Uint32Array {
	const codes = new Uint32Array(256);
	let code = 0;
	let next = 0;
	counts.forEach((count, index) => {
		for (let i = 0; i < count; i++) codes[symbols[next++] ?? 0] = (code++ << 5) | (index + 1);
		code <<= 1;
	});
	return codes;
}

/** Writes bits, most significant first, with JPEG's zero byte after each 0xFF. */
export class BitWriter {
	#bytes = new Uint8Array(64 * 1024);
	#length = 0;
	#held = 0;
	#count = 0;

	/** Writes the low `length` bits of `value`, at most 16. */
	write(value: number, length: number): void {
		this.#held = (this.#held << length) | (value & ((1 << length) - 1));
		this.#count += length;
		while (this.#count >= 8) {
			this.#count -= 8;
			const byte = (this.#held >>> this.#count) & 0xff;
			this.#put(byte);
			if (byte === 0xff) this.#put(0);
		}
		this.#held &= (1 << this.#count) - 1;
	}

	#put(byte: number): void {
		if (this.#length === this.#bytes.length) {
			const larger = new Uint8Array(this.#bytes.length * 2);
			larger.set(this.#bytes);
			this.#bytes = larger;
		}
		this.#bytes[this.#length++] = byte;
	}

	/** Returns all bytes, the last one padded with ones. */
	done(): Uint8Array {
		if (this.#count > 0) this.write(0xff, 8 - this.#count);
		return this.#bytes.subarray(0, this.#length);
	}
}
