/** What the code tables of PTP have in common: a name for each number, and back. */

/** A table of codes by their names in the standard, camelCase. */
export type Codes = Readonly<Record<string, number>>;

/** Turns codes back into names; a code that the table lacks is told in hexadecimal (`0x9999`). */
export function namer(codes: Codes): (code: number) => string {
	const names = new Map(Object.entries(codes).map(([name, code]) => [code, name]));
	return (code) => names.get(code) ?? hexCode(code);
}

/** A 16-bit code as it is written in standards: `0x1007`. */
export function hexCode(code: number): string {
	return `0x${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
