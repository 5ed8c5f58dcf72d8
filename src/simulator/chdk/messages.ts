/** Encodes CHDK's messages. */
import { MESSAGE, VALUE } from '#protocol/chdk/protocol.ts';
import { Writer } from '#protocol/wire/bytes.ts';
import type { MessageValue } from './machine.ts';

/** A message from a script to the computer. */
export interface ScriptMessage {
	/** One of `MESSAGE`. */
	type: number;
	/** One of `VALUE`, or of `SCRIPT_ERROR` for an error. */
	subtype: number;
	scriptId: number;
	bytes: Uint8Array;
}

/** Makes a message with a value that a script sent (`user`) or returned. */
export function valueMessage(type: number, value: MessageValue, scriptId: number): ScriptMessage {
	const message = (subtype: number, bytes: Uint8Array): ScriptMessage => ({ type, subtype, scriptId, bytes });
	switch (value.type) {
		case 'nil':
			return message(VALUE.nil, new Uint8Array(0));
		case 'boolean':
			return message(VALUE.boolean, i32(value.value ? 1 : 0));
		case 'integer':
			return message(VALUE.integer, i32(value.value | 0));
		case 'string':
			return message(VALUE.string, value.value);
		case 'table':
			return message(VALUE.table, value.text);
		case 'unsupported':
			return message(VALUE.unsupported, new TextEncoder().encode(value.name));
	}
}

/** Makes an error message. `subtype` is one of `SCRIPT_ERROR`. */
export function errorMessage(subtype: number, text: string, scriptId: number): ScriptMessage {
	return { type: MESSAGE.error, subtype, scriptId, bytes: new TextEncoder().encode(text) };
}

function i32(value: number): Uint8Array {
	const to = new Writer();
	to.i32(value);
	return to.done();
}
