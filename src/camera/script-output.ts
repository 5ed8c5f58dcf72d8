/** Collects what a script on the camera sends and returns, within limits. */
import { MESSAGE, VALUE } from '#protocol/chdk/protocol.ts';
import { Reader } from '#protocol/wire/bytes.ts';

/** Most bytes that one script may send and return. A script that never stops must not fill memory or a disk. */
const OUTPUT_BYTES = 64 * 1024 * 1024;
/** Most messages that one script may send. */
const MOST_MESSAGES = 100_000;
/** Most values that one script may return. Lua on a camera has a stack for far fewer. */
const MOST_RETURNED = 1000;
/** Most messages of other scripts that are skipped. The camera's queue holds 15 (CHDK ptp.c). */
const MOST_FOREIGN = 64;

/** A value that a script returned or sent. Tables come as text, made by the camera's own serializer. */
export type ScriptValue =
	| { type: 'nil' }
	| { type: 'boolean'; value: boolean }
	| { type: 'integer'; value: number }
	| { type: 'string' | 'table' | 'unsupported'; value: string };

/** Thrown when a script does not compile, fails, or cannot be started. `message` contains the camera's own text. */
export class ScriptFailed extends Error {
	override readonly name = 'ScriptFailed';
}

/** A message from ReadScriptMsg. */
export interface Message {
	type: number;
	subtype: number;
	scriptId: number;
	data: Uint8Array;
}

/** Formats a value as Lua would print it. */
export function scriptValueText(value: ScriptValue): string {
	return value.type === 'nil' ? 'nil' : value.type === 'unsupported' ? `(${value.value})` : String(value.value);
}

/** Collects the output of one script. */
export class ScriptOutput {
	readonly returned: ScriptValue[] = [];
	/** A limit was exceeded. */
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

	/** Takes a message. Throws `ScriptFailed` for the script's own error, and if a limit is exceeded. */
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

/** Decodes text from the camera, without its final NUL. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).replace(/\0+$/, '');
