/** A small baseline JPEG encoder (ITU-T T.81): three components without subsampling, one table of each kind. */
import { Writer } from '#protocol/wire/bytes.ts';
import { AC_LUMINANCE, BitWriter, codesOf, DC_LUMINANCE, type HuffmanTable } from './huffman.ts';

/** The colour of a pixel, each component 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** A picture to encode. */
export interface Picture {
	width: number;
	height: number;
	colourAt(x: number, y: number): Rgb;
}

const ZIGZAG = [
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57,
	50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/** Annex K.1's luminance quantisation, halved, which is about quality 75. */
const QUANTISATION = [
	8, 6, 5, 8, 12, 20, 26, 31, 6, 6, 7, 10, 13, 29, 30, 28, 7, 7, 8, 12, 20, 29, 35, 28, 7, 9, 11, 15, 26, 44, 40, 31, 9, 11, 19, 28, 34, 55,
	52, 39, 12, 18, 28, 32, 41, 52, 57, 46, 25, 32, 39, 44, 52, 61, 60, 51, 36, 46, 48, 49, 56, 50, 52, 50,
];

/** cos((2x+1)uπ/16), scaled so that the transform is orthonormal. */
const COSINES = Array.from({ length: 64 }, (_, i) => {
	const [u, x] = [i >> 3, i & 7];
	return Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1) * 0.5;
});

/** Encodes a picture as a JPEG file. `exif` is the contents of an APP1 segment. */
export function encodeJpeg(picture: Picture, exif?: Uint8Array): Uint8Array {
	const { width, height } = picture;
	const to = new Writer();
	marker(to, 0xd8);
	if (exif !== undefined) segment(to, 0xe1, exif);
	segment(to, 0xdb, Uint8Array.from([0, ...ZIGZAG.map((at) => QUANTISATION[at] ?? 1)]));
	const size = [height >> 8, height & 255, width >> 8, width & 255];
	segment(to, 0xc0, Uint8Array.from([8, ...size, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]));
	segment(to, 0xc4, huffman(0x00, DC_LUMINANCE));
	segment(to, 0xc4, huffman(0x10, AC_LUMINANCE));
	segment(to, 0xda, Uint8Array.from([3, 1, 0, 2, 0, 3, 0, 0, 63, 0]));
	to.bytes(scan(picture));
	marker(to, 0xd9);
	return to.done().slice();
}

function marker(to: Writer, code: number): void {
	to.u8(0xff);
	to.u8(code);
}

function segment(to: Writer, code: number, contents: Uint8Array): void {
	marker(to, code);
	const size = contents.length + 2;
	to.u8(size >> 8);
	to.u8(size & 255);
	to.bytes(contents);
}

function huffman(id: number, { counts, symbols }: HuffmanTable): Uint8Array {
	return Uint8Array.from([id, ...counts, ...symbols]);
}

/** Encodes the scan: 8x8 blocks of Y, Cb and Cr in turn. */
function scan({ width, height, colourAt }: Picture): Uint8Array {
	const bits = new BitWriter();
	const dc = codesOf(DC_LUMINANCE);
	const ac = codesOf(AC_LUMINANCE);
	const symbol = (codes: Uint32Array, value: number): void => {
		const entry = codes[value] ?? 0;
		bits.write(entry >>> 5, entry & 31);
	};
	const rows = new Float64Array(64);
	const values = new Int32Array(64);
	const before = [0, 0, 0];
	const planes = [new Float64Array(64), new Float64Array(64), new Float64Array(64)] as const;
	for (let top = 0; top < height; top += 8) {
		for (let left = 0; left < width; left += 8) {
			for (let i = 0; i < 64; i++) {
				const [r, g, b] = colourAt(Math.min(width - 1, left + (i & 7)), Math.min(height - 1, top + (i >> 3)));
				planes[0][i] = 0.299 * r + 0.587 * g + 0.114 * b - 128;
				planes[1][i] = -0.168736 * r - 0.331264 * g + 0.5 * b;
				planes[2][i] = 0.5 * r - 0.418688 * g - 0.081312 * b;
			}
			planes.forEach((plane, component) => {
				quantise(plane, rows, values);
				const difference = (values[0] ?? 0) - (before[component] ?? 0);
				before[component] = values[0] ?? 0;
				const bitsOf = category(difference);
				symbol(dc, bitsOf);
				bits.write(magnitude(difference, bitsOf), bitsOf);
				acCoefficients(values, (value) => symbol(ac, value), bits);
			});
		}
	}
	return bits.done();
}

/** Writes runs of zeros and the values that end them. 0xF0 is sixteen zeros, 0 the end of the block. */
function acCoefficients(values: Int32Array, symbol: (value: number) => void, bits: BitWriter): void {
	let zeros = 0;
	for (let i = 1; i < 64; i++) {
		const value = values[i] ?? 0;
		if (value === 0) {
			zeros++;
			continue;
		}
		for (; zeros > 15; zeros -= 16) symbol(0xf0);
		const bitsOf = category(value);
		symbol((zeros << 4) | bitsOf);
		bits.write(magnitude(value, bitsOf), bitsOf);
		zeros = 0;
	}
	if (zeros > 0) symbol(0);
}

/** Returns how many bits a value needs. */
function category(value: number): number {
	return value === 0 ? 0 : 32 - Math.clz32(Math.abs(value));
}

/** Returns the bits to write for a value. A negative value is written as one less, in its low bits. */
function magnitude(value: number, bitsOf: number): number {
	return value < 0 ? value + (1 << bitsOf) - 1 : value;
}

/** Does the cosine transform, rows then columns, and quantises the result in zigzag order. */
function quantise(plane: Float64Array, rows: Float64Array, into: Int32Array): void {
	for (let y = 0; y < 8; y++)
		for (let u = 0; u < 8; u++) {
			let sum = 0;
			for (let x = 0; x < 8; x++) sum += (plane[y * 8 + x] ?? 0) * (COSINES[u * 8 + x] ?? 0);
			rows[y * 8 + u] = sum;
		}
	for (let i = 0; i < 64; i++) {
		const at = ZIGZAG[i] ?? 0;
		let sum = 0;
		for (let y = 0; y < 8; y++) sum += (rows[y * 8 + (at & 7)] ?? 0) * (COSINES[(at >> 3) * 8 + y] ?? 0);
		into[i] = Math.round(sum / (QUANTISATION[at] ?? 1));
	}
}
