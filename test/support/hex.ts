/** Bytes as the notes and standards print them. */
export function bytes(text: string): Uint8Array {
	return Uint8Array.from(text.replaceAll(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function hex(of: Uint8Array): string {
	return Array.from(of, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
