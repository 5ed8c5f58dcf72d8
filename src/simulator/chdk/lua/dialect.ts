/**
 * The libraries of CHDK's Lua: those of 5.1 out of those of 5.3, without what leads out of the camera. (Syntax and words of
 * errors are changed when the program is built: `scripts/fengari-repairs.mjs`.)
 */

import { luaL_checkinteger, luaL_checklstring, luaL_checkstack, luaL_requiref } from 'fengari/src/lauxlib.js';
import { luaopen_base } from 'fengari/src/lbaselib.js';
import { luaopen_coroutine } from 'fengari/src/lcorolib.js';
import { luaopen_string } from 'fengari/src/lstrlib.js';
import { luaopen_table } from 'fengari/src/ltablib.js';
import {
	LUA_TFUNCTION,
	LUA_TTABLE,
	type LuaFunction,
	type LuaState,
	lua_call,
	lua_getglobal,
	lua_gettop,
	lua_getupvalue,
	lua_load,
	lua_pop,
	lua_pushinteger,
	lua_pushnil,
	lua_pushvalue,
	lua_rawgeti,
	lua_rawlen,
	lua_setfield,
	lua_setglobal,
	lua_settop,
	lua_tolstring,
	lua_type,
	lua_upvaluejoin,
} from 'fengari/src/lua.js';
import { joinBytes, latin1 } from '../../bytes.ts';
import { toInteger } from './integers.ts';
import { LARGEST_STRING, OutOfMemory } from './memory-limit.ts';
import { raise } from './raise.ts';
import { bytesOf, integerArgument, isMissing, push, returning, type Value } from './values.ts';

/** Chunks have no name: errors begin with `:LINE:`, as CHDK's do. */
const NO_NAME = bytesOf('=');
/** Compiled code could do anything to the machine. */
const TEXT_ONLY = bytesOf('t');
/** Values that one call may push (LUAI_MAXCSTACK of Lua 5.1). */
const MOST_VALUES = 8000;

/** Compiles text and pushes the function, or the message of what is wrong with it; whether it is the function. */
export function compile(L: LuaState, source: Uint8Array): boolean {
	const pieces = [source];
	return lua_load(L, () => pieces.pop() ?? null, null, NO_NAME, TEXT_ONLY) === 0;
}

function loaded(L: LuaState, source: Uint8Array): number {
	if (compile(L, source)) return 1;
	lua_pushnil(L);
	lua_pushvalue(L, -2);
	return 2;
}

/** `load`: from text, or from a function that gives it in pieces. */
const load: LuaFunction = (L) => {
	if (lua_type(L, 1) !== LUA_TFUNCTION) return loaded(L, lua_tolstring(L, 1) ?? raise(L, 'bad argument to load'));
	const pieces: Uint8Array[] = [];
	let size = 0;
	for (;;) {
		lua_pushvalue(L, 1);
		lua_call(L, 0, 1);
		const piece = lua_tolstring(L, -1);
		if (piece === null || piece.length === 0) break;
		size += piece.length;
		if (size > LARGEST_STRING) throw new OutOfMemory();
		pieces.push(piece);
		lua_pop(L, 1);
	}
	lua_settop(L, 0);
	return loaded(L, joinBytes(pieces));
};

/** `unpack`: at most as many values as Lua 5.1 allows. */
const unpack: LuaFunction = (L) => {
	const from = integerArgument(L, 2, 1);
	const to = integerArgument(L, 3, lua_type(L, 1) === LUA_TTABLE ? lua_rawlen(L, 1) : 0);
	if (to < from) return 0;
	if (to - from >= MOST_VALUES) raise(L, 'too many results to unpack');
	luaL_checkstack(L, MOST_VALUES);
	for (let n = from; n <= to; n++) lua_rawgeti(L, 1, n);
	return to - from + 1;
};

/** Index of a function's upvalue `_ENV`, 0 when it uses no global. */
function environmentOf(L: LuaState, index: number): number {
	for (let n = 1; ; n++) {
		const name = lua_getupvalue(L, index, n);
		if (name === null) return 0;
		lua_pop(L, 1);
		if (latin1(name) === '_ENV') return n;
	}
}

/** `setfenv(f, table)` for functions; levels of the stack are not supported. */
const setfenv: LuaFunction = (L) => {
	if (lua_type(L, 1) !== LUA_TFUNCTION) raise(L, 'setfenv: a function expected');
	const n = environmentOf(L, 1);
	if (n > 0) {
		compile(L, bytesOf('local _ENV = ... return function() return _ENV end'));
		lua_pushvalue(L, 2);
		lua_call(L, 1, 1);
		lua_upvaluejoin(L, 1, n, -1, 1);
	}
	lua_pushvalue(L, 1);
	return 1;
};

/** `getfenv(f)`; without a function the globals. */
const getfenv: LuaFunction = (L) => {
	const n = lua_type(L, 1) === LUA_TFUNCTION ? environmentOf(L, 1) : 0;
	if (n === 0) lua_getglobal(L, bytesOf('_G'));
	else lua_getupvalue(L, 1, n);
	return 1;
};

/** `collectgarbage`: memory is not the script's business here; `count` in KiB is made up, and an integer. */
const collectgarbage = returning((L) => [!isMissing(L, 1) && latin1(lua_tolstring(L, 1) ?? new Uint8Array(0)) === 'count' ? 64 : 0]);

/** `string.byte`, as many values as `unpack`. */
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

/** What is left of `math` without fractions: no `floor`, for there is nothing to be cut off. */
const math: Readonly<Record<string, LuaFunction>> = Object.fromEntries(
	Object.entries({
		abs: ([x = 0]: number[]) => Math.abs(x),
		max: (list: number[]) => Math.max(...list),
		min: (list: number[]) => Math.min(...list),
		pow: ([x = 0, y = 0]: number[]) => toInteger(x ** y),
	}).map(([name, compute]) => [
		name,
		returning((L) => {
			luaL_checkinteger(L, 1);
			return [compute(Array.from({ length: lua_gettop(L) }, (_, n) => luaL_checkinteger(L, n + 1)))];
		}),
	]),
);

/** `math.random(upper)` or `(lower, upper)`; there are no fractions for none. */
const random = returning((L) => {
	const count = lua_gettop(L);
	if (count !== 1 && count !== 2) raise(L, 'wrong number of arguments');
	const lower = count === 1 ? 1 : luaL_checkinteger(L, 1);
	const upper = luaL_checkinteger(L, count);
	if (lower > upper) raise(L, `bad argument #${count} to 'random' (interval is empty)`);
	return [lower + Math.floor(Math.random() * (upper - lower + 1))];
});

/** What 5.3 has dropped or never had, in Lua. The last: how tables become messages unless a script says otherwise. */
const PRELUDE = `
function table.getn(t) return #t end
function table.maxn(t)
	local most = 0
	for key in pairs(t) do if type(key) == 'number' and key > most then most = key end end
	return most
end
function table.foreach(t, f) for key, value in pairs(t) do local r = f(key, value) if r ~= nil then return r end end end
function table.foreachi(t, f) for key, value in ipairs(t) do local r = f(key, value) if r ~= nil then return r end end end
string.gfind = string.gmatch
math.randomseed = function() end
function usb_msg_table_to_string(t)
	local function plain(value)
		local kind = type(value)
		if kind == 'string' then return value end
		return (kind == 'number' or kind == 'boolean') and tostring(value) or ''
	end
	local lines = {}
	for key, value in pairs(t) do
		local cells = { plain(key) }
		if type(value) == 'table' then
			for n = 1, table.maxn(value) do cells[#cells + 1] = plain(value[n]) end
		else
			cells[2] = plain(value)
		end
		if #cells > 1 and cells[1] ~= '' then lines[#lines + 1] = table.concat(cells, '\\t') .. '\\n' end
	end
	return table.concat(lines)
end`;

const REPLACED: Readonly<Record<string, LuaFunction | undefined>> = {
	load,
	loadstring: load,
	unpack,
	setfenv,
	getfenv,
	collectgarbage,
	/** To the camera's screen, which nobody reads. */
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
	setGlobals(L, { ...REPLACED, math: { ...math, random }, _VERSION: 'Lua 5.1' });
	setFields(L, 'string', { byte, dump: undefined, pack: undefined, packsize: undefined, unpack: undefined });
	setFields(L, 'table', { move: undefined, pack: undefined, unpack: undefined });
	runPrelude(L, PRELUDE);
}

/** Runs Lua of ours before the script. */
export function runPrelude(L: LuaState, source: string): void {
	if (!compile(L, bytesOf(source))) throw new Error(`the prelude: ${latin1(lua_tolstring(L, -1) ?? new Uint8Array(0))}`);
	lua_call(L, 0, 0);
}

export function setGlobals(L: LuaState, values: Readonly<Record<string, Value>>): void {
	for (const [name, value] of Object.entries(values)) {
		push(L, value);
		lua_setglobal(L, bytesOf(name));
	}
}

function setFields(L: LuaState, table: string, values: Readonly<Record<string, Value>>): void {
	lua_getglobal(L, bytesOf(table));
	for (const [name, value] of Object.entries(values)) {
		push(L, value);
		lua_setfield(L, -2, bytesOf(name));
	}
	lua_pop(L, 1);
}
