/** The typical Huffman tables of ITU-T T.81 annex K.3, as code lengths and symbols; and writing bits with them. */

/** A table as JPEG's DHT segment has it: how many codes of each length 1 to 16, then the symbols in code order. */
export interface HuffmanTable {
	counts: readonly number[];
	symbols: readonly number[];
}

/** Symbols of the AC tables come in runs that only differ in few places; annex K lists them so. */
const bytes = (hex: string): number[] => (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));

export const DC_LUMINANCE: HuffmanTable = {
	counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
	symbols: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};

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

/** Code and its length for each symbol. */
export function codesOf({ counts, symbols }: HuffmanTable): ReadonlyMap<number, { code: number; length: number }> {
	const codes = new Map<number, { code: number; length: number }>();
	let code = 0;
	let next = 0;
	counts.forEach((count, index) => {
		for (let i = 0; i < count; i++) codes.set(symbols[next++] ?? 0, { code: code++, length: index + 1 });
		code <<= 1;
	});
	return codes;
}

/** Bits, most significant first, with JPEG's zero byte after each 0xFF. */
export class BitWriter {
	readonly #bytes: number[] = [];
	#held = 0;
	#count = 0;

	write(value: number, length: number): void {
		for (let bit = length - 1; bit >= 0; bit--) {
			this.#held = (this.#held << 1) | ((value >> bit) & 1);
			if (++this.#count === 8) this.#flush();
		}
	}

	#flush(): void {
		this.#bytes.push(this.#held);
		if (this.#held === 0xff) this.#bytes.push(0);
		this.#held = 0;
		this.#count = 0;
	}

	/** All bytes; the last one filled up with ones. */
	done(): Uint8Array {
		while (this.#count > 0) this.write(1, 1);
		return Uint8Array.from(this.#bytes);
	}
}
