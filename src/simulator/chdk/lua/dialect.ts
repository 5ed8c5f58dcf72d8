/**
 * The libraries of CHDK's Lua: those of 5.1, made from those of 5.3, without functions that lead out of the camera. (The
 * build changes syntax and error messages: `scripts/fengari-repairs.mjs`.)
 */

import { luaL_checklstring, luaL_checkstack, luaL_requiref } from 'fengari/src/lauxlib.js';
import { luaopen_base } from 'fengari/src/lbaselib.js';
import { luaopen_coroutine } from 'fengari/src/lcorolib.js';
import { luaopen_string } from 'fengari/src/lstrlib.js';
import { luaopen_table } from 'fengari/src/ltablib.js';
import {
	LUA_TTABLE,
	type LuaFunction,
	type LuaState,
	lua_call,
	lua_getglobal,
	lua_pop,
	lua_pushinteger,
	lua_rawgeti,
	lua_rawlen,
	lua_setfield,
	lua_setglobal,
	lua_tolstring,
	lua_type,
} from 'fengari/src/lua.js';
import { latin1 } from '#base/bytes.ts';
import { compile, load } from './compile.ts';
import { getfenv, setfenv } from './environments.ts';
import { mathLibrary } from './math-library.ts';
import { PRELUDE } from './prelude.ts';
import { raise } from './raise.ts';
import { bytesOf, integerArgument, isMissing, type LuaValue, push, returning } from './values.ts';

/** How many values one call may push (LUAI_MAXCSTACK of Lua 5.1). */
const MOST_VALUES = 8000;

/** `unpack`, for at most as many values as Lua 5.1 allows. */
const unpack: LuaFunction = (L) => {
	const from = integerArgument(L, 2, 1);
	const to = integerArgument(L, 3, lua_type(L, 1) === LUA_TTABLE ? lua_rawlen(L, 1) : 0);
	if (to < from) return 0;
	if (to - from >= MOST_VALUES) raise(L, 'too many results to unpack');
	luaL_checkstack(L, MOST_VALUES);
	for (let n = from; n <= to; n++) lua_rawgeti(L, 1, n);
	return to - from + 1;
};

/** `collectgarbage`, which does nothing here. Its `count` in KiB is invented, and an integer. */
const collectgarbage = returning((L) => [!isMissing(L, 1) && latin1(lua_tolstring(L, 1) ?? new Uint8Array(0)) === 'count' ? 64 : 0]);

/** `string.byte`, for as many values as `unpack`. */
const byte: LuaFunction = (L) => {
	const text = luaL_checklstring(L, 1);
	const place = (n: number): number => (n < 0 ? text.length + n + 1 : n);
	const from = place(integerArgument(L, 2, 1));
	const to = Math.min(place(integerArgument(L, 3, from)), text.length);
	if (to - from >= MOST_VALUES) raise(L, 'string slice too long');
	luaL_checkstack(L, MOST_VALUES);
	const bytes = text.subarray(Math.max(from, 1) - 1, Math.max(to, 0));
	for (const value of bytes) lua_pushinteger(L, value);
	return bytes.length;
};

const REPLACED: Readonly<Record<string, LuaFunction | undefined>> = {
	load,
	loadstring: load,
	unpack,
	setfenv,
	getfenv,
	collectgarbage,
	/** Prints to the camera's screen, which is not shown. */
	print: returning(() => []),
	dofile: undefined,
	loadfile: undefined,
	rawlen: undefined,
};

/** Opens the libraries in a new state. */
export function openLibraries(L: LuaState): void {
	const open = { _G: luaopen_base, coroutine: luaopen_coroutine, string: luaopen_string, table: luaopen_table };
	for (const [name, library] of Object.entries(open)) {
		luaL_requiref(L, bytesOf(name), library, 1);
		lua_pop(L, 1);
	}
	setGlobals(L, { ...REPLACED, math: mathLibrary, _VERSION: 'Lua 5.1' });
	setFields(L, 'string', { byte, dump: undefined, pack: undefined, packsize: undefined, unpack: undefined });
	setFields(L, 'table', { move: undefined, pack: undefined, unpack: undefined });
	runPrelude(L, PRELUDE);
}

/** Runs our own Lua before the script. */
export function runPrelude(L: LuaState, source: string): void {
	if (!compile(L, bytesOf(source))) throw new Error(`the prelude: ${latin1(lua_tolstring(L, -1) ?? new Uint8Array(0))}`);
	lua_call(L, 0, 0);
}

/** Sets global variables. */
export function setGlobals(L: LuaState, values: Readonly<Record<string, LuaValue>>): void {
	for (const [name, value] of Object.entries(values)) {
		push(L, value);
		lua_setglobal(L, bytesOf(name));
	}
}

function setFields(L: LuaState, table: string, values: Readonly<Record<string, LuaValue>>): void {
	lua_getglobal(L, bytesOf(table));
	for (const [name, value] of Object.entries(values)) {
		push(L, value);
		lua_setfield(L, -2, bytesOf(name));
	}
	lua_pop(L, 1);
}
