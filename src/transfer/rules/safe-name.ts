/** File names from a camera, made safe for every file system: one name in, one name out, always the same. */

/** Longest name in bytes of UTF-8: file systems allow 255, and `~2` and `.part` must still fit. */
export const LONGEST_NAME = 200;
/** What is appended to the name of a file that is not complete. */
export const PART_SUFFIX = '.part';

// Separators, what Windows forbids, control characters, and the marks that turn the direction of writing round.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f/\\:*?"<>|\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\p{Cs}/gu;
/** Device names of Windows, with or without an extension. */
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$| )/i;

/**
 * A name that cannot leave its folder, hide itself, look like an option or name a device. Names that are good
 * already stay as they are. Different names may become the same one: see `numbered`.
 */
export function safeName(name: string): string {
	let safe = name.replace(FORBIDDEN, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
	if (safe === '') return 'unnamed';
	if (/^[-.~ ]/.test(safe)) safe = `_${safe}`;
	if (RESERVED.test(safe)) safe = `_${safe}`;
	if (safe.toLowerCase().endsWith(PART_SUFFIX)) safe += '_';
	return shortened(safe, name);
}

/** `name` with a number before its extension: `IMG_0001~2.JPG`. */
export function numbered(name: string, number: number): string {
	if (number < 2) return name;
	const dot = name.lastIndexOf('.');
	const at = dot > 0 ? dot : name.length;
	return `${name.slice(0, at)}~${number}${name.slice(at)}`;
}

/** What two paths have in common when a file system may take them for one (case, composed characters). */
export function sameNameKey(path: string): string {
	return path.normalize('NFC').toLowerCase();
}

/** Cuts a name that is too long; the end of it becomes a short sum of the whole, so that two long names stay two. */
function shortened(safe: string, original: string): string {
	if (utf8Length(safe) <= LONGEST_NAME) return safe;
	const dot = safe.lastIndexOf('.');
	const extension = dot > 0 && utf8Length(safe.slice(dot)) <= 16 ? safe.slice(dot) : '';
	const end = `~${sum(original)}${extension}`;
	let start = '';
	for (const c of safe) {
		if (utf8Length(start) + utf8Length(c) + utf8Length(end) > LONGEST_NAME) break;
		start += c;
	}
	return start + end;
}

function utf8Length(text: string): number {
	let bytes = 0;
	for (const c of text) {
		const code = c.codePointAt(0) as number;
		bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	}
	return bytes;
}

/** FNV-1a over the UTF-16 units, 32 bits in hexadecimal. */
function sum(text: string): string {
	let hash = 0x811c9dc5;
	for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
	return hash.toString(16).padStart(8, '0');
}
