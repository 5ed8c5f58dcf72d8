/** Helpers shared by PTP's code tables. */

/** A table of codes, keyed by the standard's name in camelCase. */
export type Codes = Readonly<Record<string, number>>;

/** Makes a function that turns codes back into names. A code missing from the table becomes hexadecimal, `0x9999`. */
export function namer(codes: Codes): (code: number) => string {
	const names = new Map(Object.entries(codes).map(([name, code]) => [code, name]));
	return (code) => names.get(code) ?? hexCode(code);
}

/** Formats a 16-bit code as the standards write it: `0x1007`. */
export function hexCode(code: number): string {
	return `0x${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
