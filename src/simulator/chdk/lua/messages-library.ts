/** `write_usb_msg` and `read_usb_msg`, and the return values of scripts. */
import {
	LUA_TBOOLEAN,
	LUA_TNIL,
	LUA_TNUMBER,
	LUA_TSTRING,
	LUA_TTABLE,
	type LuaFunction,
	type LuaState,
	lua_absindex,
	lua_error,
	lua_getglobal,
	lua_gettop,
	lua_pcall,
	lua_pop,
	lua_pushvalue,
	lua_toboolean,
	lua_tointeger,
	lua_tolstring,
	lua_type,
	lua_typename,
} from 'fengari/src/lua.js';
import { latin1 } from '#base/bytes.ts';
import type { MessageValue, ScriptEnd } from '../machine.ts';
import { raise } from './raise.ts';
import { call } from './thread.ts';
import { bytesOf, integerArgument, push } from './values.ts';
import { waits } from './waiting.ts';

/** Largest message in bytes. It is one malloc on the camera, which has one or two MiB free. */
const LARGEST_MESSAGE = 1024 * 1024;

/** Returns the value at `index` in the form of a message. If the conversion of a table fails, pushes the error and returns `undefined`. */
function valueAt(L: LuaState, index: number): MessageValue | undefined {
	const at = lua_absindex(L, index);
	const type = lua_type(L, at);
	switch (type) {
		case LUA_TNIL:
			return { type: 'nil' };
		case LUA_TBOOLEAN:
			return { type: 'boolean', value: lua_toboolean(L, at) };
		case LUA_TNUMBER:
			return { type: 'integer', value: lua_tointeger(L, at) };
		case LUA_TSTRING:
			return { type: 'string', value: lua_tolstring(L, at) ?? new Uint8Array(0) };
		case LUA_TTABLE: {
			lua_getglobal(L, bytesOf('usb_msg_table_to_string'));
			lua_pushvalue(L, at);
			if (lua_pcall(L, 1, 1, 0) !== 0) return undefined;
			const text = lua_tolstring(L, -1);
			if (text === null) {
				push(L, 'error creating return msg');
				return undefined;
			}
			lua_pop(L, 1);
			return { type: 'table', text };
		}
		default:
			return { type: 'unsupported', name: latin1(lua_typename(L, type)) };
	}
}

/** Returns a script's return values: everything on the stack, up to the first value that cannot be converted. */
export function returned(L: LuaState): ScriptEnd {
	const values: MessageValue[] = [];
	const count = lua_gettop(L);
	for (let index = 1; index <= count; index++) {
		const value = valueAt(L, index);
		if (value === undefined) return { returned: values, error: latin1(lua_tolstring(L, -1) ?? new Uint8Array(0)) };
		values.push(value);
	}
	return { returned: values };
}

/** The functions by name. */
export const messagesLibrary: Readonly<Record<string, LuaFunction>> = {
	/** With a time limit it waits for room; without one it fails at once. */
	write_usb_msg: (L) => {
		if (lua_gettop(L) < 1) raise(L, 'missing argument');
		const timeout = integerArgument(L, 2, 0);
		const value = valueAt(L, 1);
		if (value === undefined) return lua_error(L);
		if (value.type === 'unsupported') raise(L, 'unsupported type');
		if (sizeOf(value) > LARGEST_MESSAGE) raise(L, 'failed to create message');
		if (timeout !== 0) waits(L);
		push(L, call('write', value, timeout));
		return 1;
	},
	read_usb_msg: (L) => {
		const timeout = integerArgument(L, 1, 0);
		if (timeout !== 0) waits(L);
		push(L, call('read', timeout));
		return 1;
	},
};

function sizeOf(value: MessageValue): number {
	return value.type === 'string' ? value.value.length : value.type === 'table' ? value.text.length : 0;
}
