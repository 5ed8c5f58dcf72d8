/** Conversion between PTP-IP's GUIDs and UUID text. */

/** Returns the sixteen bytes of a UUID in the order of its text; seen on an EOS T6, without byte swapping. */
export function guidOf(uuid: string): Uint8Array {
	return Uint8Array.from(uuid.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Formats a GUID as UUID text, in the order of its bytes. */
export function uuidOf(guid: Uint8Array): string {
	const hex = Array.from(guid, (byte) => byte.toString(16).padStart(2, '0')).join('');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
