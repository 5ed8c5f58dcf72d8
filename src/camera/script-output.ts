/** What a script on the camera sends and gives back, within limits. */
import { MESSAGE, VALUE } from '#protocol/chdk/protocol.ts';
import { Reader } from '#protocol/wire/bytes.ts';

/** What one script may send and return, in bytes and in number: a script that never stops must not fill memory or a disk. */
const OUTPUT_BYTES = 64 * 1024 * 1024;
const MOST_MESSAGES = 100_000;
/** Values that one script gives back. Lua on a camera has a stack for far fewer. */
const MOST_RETURNED = 1000;
/** Messages that are not of the script that runs: the camera's queue holds 15 (CHDK ptp.c). */
const MOST_FOREIGN = 64;

/** A value that a script gave back or sent. Tables come as the text that the camera's own serializer made. */
export type ScriptValue =
	| { type: 'nil' }
	| { type: 'boolean'; value: boolean }
	| { type: 'integer'; value: number }
	| { type: 'string' | 'table' | 'unsupported'; value: string };

/** The script did not compile, failed, or was not started. `message` holds the camera's words. */
export class ScriptFailed extends Error {
	override readonly name = 'ScriptFailed';
}

/** A message as ReadScriptMsg gives it. */
export interface Message {
	type: number;
	subtype: number;
	scriptId: number;
	data: Uint8Array;
}

/** A value as Lua would print it; a text that was sent stays as it is. */
export function scriptValueText(value: ScriptValue): string {
	return value.type === 'nil' ? 'nil' : value.type === 'unsupported' ? `(${value.value})` : String(value.value);
}

/** What comes of one script, within limits. */
export class ScriptOutput {
	readonly returned: ScriptValue[] = [];
	/** A limit was passed. */
	tooMuch = false;
	readonly #scriptId: number;
	readonly #onMessage: (value: ScriptValue) => void;
	#bytes = 0;
	#messages = 0;
	#foreign = 0;

	constructor(scriptId: number, onMessage: (value: ScriptValue) => void) {
		this.#scriptId = scriptId;
		this.#onMessage = onMessage;
	}

	/** Throws `ScriptFailed` for the script's own error and for a message too many. */
	take(message: Message): void {
		const { type, scriptId, data } = message;
		if (scriptId !== this.#scriptId || type === MESSAGE.none) {
			this.#limit(++this.#foreign, MOST_FOREIGN, 'messages that are not of this script');
			return;
		}
		if (type === MESSAGE.error) throw new ScriptFailed(textOf(data));
		this.#bytes += data.length;
		this.#limit(this.#bytes, OUTPUT_BYTES, 'bytes');
		this.#limit(++this.#messages, MOST_MESSAGES, 'messages');
		if (type === MESSAGE.user) this.#onMessage(decodeValue(message));
		else if (type === MESSAGE.returned) this.#limit(this.returned.push(decodeValue(message)), MOST_RETURNED, 'values');
	}

	#limit(count: number, most: number, what: string): void {
		if (count <= most) return;
		this.tooMuch = true;
		throw new ScriptFailed(`the camera sent more than ${most} ${what}`);
	}
}

function decodeValue({ subtype, data }: Message): ScriptValue {
	switch (subtype) {
		case VALUE.nil:
			return { type: 'nil' };
		case VALUE.boolean:
			return { type: 'boolean', value: new Reader(data).i32() !== 0 };
		case VALUE.integer:
			return { type: 'integer', value: new Reader(data).i32() };
		case VALUE.string:
			return { type: 'string', value: textOf(data) };
		case VALUE.table:
			return { type: 'table', value: textOf(data) };
		default:
			return { type: 'unsupported', value: textOf(data) };
	}
}

/** A text as the camera's own, without the NUL that ends it. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replace(/\0+$/, '');
