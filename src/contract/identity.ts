/** This computer as cameras know it. Cameras demand the same UUID at every connection after pairing. */

export interface Identity {
	/** UUID v4, lower case. */
	uuid: string;
	/** Name on the camera's screen, or `null` for the short host name. */
	name: string | null;
	/** ISO 8601. */
	created: string;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** The first UUID in a text (an old helper's `.uuid` file, a damaged settings file), lower case. */
export function uuidIn(text: string): string | undefined {
	return UUID.exec(text)?.[0].toLowerCase();
}

/** What is wrong with a computer's name for a camera's screen. */
export interface NameVerdict {
	/** The camera could not show it. */
	refused?: string;
	/** It may look wrong: how long a name cameras show, and in which characters, is not known. */
	warning?: string;
}

/** Longest name that is not warned about. Assumed: nobody has published what the camera's list shows. */
export const COMFORTABLE_NAME = 16;

/** Judges a name. The camera shows what stands before the first `:`. */
export function judgeName(name: string): NameVerdict {
	if (name.trim() === '') return { refused: 'it is empty' };
	if (name.includes(':')) return { refused: 'it contains ":", where the camera cuts the name off' };
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
	if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(name) || !name.isWellFormed()) return { refused: 'it contains control characters' };
	if (name.length > 200) return { refused: 'it is longer than 200 characters' };
	const doubts: string[] = [];
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant.
	if (!/^[\x00-\x7f]*$/.test(name)) doubts.push('it has characters outside ASCII, which the camera may not be able to show');
	if (name.length > COMFORTABLE_NAME) doubts.push(`it is longer than ${COMFORTABLE_NAME} characters, which the camera may cut off`);
	return doubts.length === 0 ? {} : { warning: doubts.join(', and ') };
}

/** The short host name made fit for a camera's screen. */
export function nameFromHost(hostname: string): string {
	const short = (hostname.split('.')[0] ?? '').replace(/[^\x20-\x7e]|:/g, '').trim();
	return short === '' ? 'computer' : short;
}
