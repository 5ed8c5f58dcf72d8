/** Numbers of CHDK's Lua, which are C's 32-bit integers. */

/** Converts a result of `/`, `^` or arithmetic on strings to an integer as C does; 0 for a result that is no number (x/0). */
export function toInteger(value: number): number {
	return Math.trunc(value) | 0;
}

const MINUS = 0x2d;
const PLUS = 0x2b;
const LARGEST = 0x7fff_ffff;

/**
 * Parses the integer in `text` and returns where it ends: decimal as C's strtol does (too large becomes the largest one),
 * hexadecimal as strtoul does (0xFFFFFFFF is -1). Returns `undefined` if the text contains anything else.
 */
export function parseInteger(text: Uint8Array): { value: number; end: number } | undefined {
	let at = 0;
	const blanks = (): void => {
		while (text[at] === 0x20 || ((text[at] ?? 0) >= 9 && (text[at] ?? 0) <= 13)) at++;
	};
	blanks();
	const negative = text[at] === MINUS;
	if (negative || text[at] === PLUS) at++;
	const hex = text[at] === 0x30 && ((text[at + 1] ?? 0) | 0x20) === 0x78;
	if (hex) at += 2;
	let value = 0;
	const first = at;
	for (let digit = digitOf(text[at]); digit < (hex ? 16 : 10); digit = digitOf(text[++at]))
		value = hex ? (value * 16 + digit) >>> 0 : Math.min(value * 10 + digit, negative ? LARGEST + 1 : LARGEST);
	if (at === first) return undefined;
	blanks();
	if (at < text.length && text[at] !== 0) return undefined;
	return { value: (negative ? -value : value) | 0, end: at };
}

function digitOf(byte: number | undefined): number {
	if (byte === undefined) return 99;
	if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
	const letter = byte | 0x20;
	return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 99;
}
