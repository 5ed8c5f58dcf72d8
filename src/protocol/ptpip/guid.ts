/** GUIDs of PTP-IP and the UUIDs that they stand for. */

/** A UUID's sixteen bytes in the order of its text: seen on an EOS T6, no swapping. */
export function guidOf(uuid: string): Uint8Array {
	return Uint8Array.from(uuid.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** The UUID text of a GUID, in the order of its bytes. */
export function uuidOf(guid: Uint8Array): string {
	const hex = Array.from(guid, (byte) => byte.toString(16).padStart(2, '0')).join('');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
