/** Types for the part of fengari 0.1.5 that we use. Names and meaning are those of the C API in the Lua 5.3 manual. */
declare module 'fengari/src/lua.js' {
	/** A thread of Lua. `nCcalls`: calls that go through the host, which a yield cannot cross. */
	export interface LuaState {
		readonly nCcalls: number;
	}
	export type LuaFunction = (L: LuaState) => number;
	/** A string of Lua is bytes. */
	type Bytes = Uint8Array;

	export const LUA_OK: 0;
	export const LUA_YIELD: 1;
	export const LUA_MULTRET: -1;
	export const LUA_MASKCOUNT: number;
	export const LUA_REGISTRYINDEX: number;
	export const LUA_TNONE: number;
	export const LUA_TNIL: number;
	export const LUA_TBOOLEAN: number;
	export const LUA_TNUMBER: number;
	export const LUA_TSTRING: number;
	export const LUA_TTABLE: number;
	export const LUA_TFUNCTION: number;

	export function lua_absindex(L: LuaState, index: number): number;
	export function lua_atnativeerror(L: LuaState, handler: LuaFunction): LuaFunction | null;
	export function lua_call(L: LuaState, args: number, results: number): void;
	export function lua_concat(L: LuaState, n: number): void;
	export function lua_createtable(L: LuaState, array: number, record: number): void;
	export function lua_error(L: LuaState): never;
	export function lua_getfield(L: LuaState, index: number, key: Bytes): number;
	export function lua_getglobal(L: LuaState, name: Bytes): number;
	export function lua_gettop(L: LuaState): number;
	export function lua_getupvalue(L: LuaState, index: number, n: number): Bytes | null;
	export function lua_load(
		L: LuaState,
		reader: (L: LuaState, data: unknown) => Bytes | null,
		data: unknown,
		name: Bytes,
		mode: Bytes,
	): number;
	export function lua_newthread(L: LuaState): LuaState;
	export function lua_newuserdata(L: LuaState, size: number): object;
	export function lua_pcall(L: LuaState, args: number, results: number, handler: number): number;
	export function lua_pop(L: LuaState, n: number): void;
	export function lua_pushboolean(L: LuaState, value: boolean): void;
	export function lua_pushcfunction(L: LuaState, fn: LuaFunction): void;
	export function lua_pushinteger(L: LuaState, value: number): void;
	export function lua_pushnil(L: LuaState): void;
	export function lua_pushstring(L: LuaState, value: Bytes): void;
	export function lua_pushvalue(L: LuaState, index: number): void;
	export function lua_rawgeti(L: LuaState, index: number, n: number): number;
	export function lua_rawlen(L: LuaState, index: number): number;
	export function lua_rawseti(L: LuaState, index: number, n: number): void;
	export function lua_resume(L: LuaState, from: LuaState | null, args: number): number;
	export function lua_sethook(L: LuaState, hook: (L: LuaState) => void, mask: number, count: number): void;
	export function lua_setfield(L: LuaState, index: number, key: Bytes): void;
	export function lua_setglobal(L: LuaState, name: Bytes): void;
	export function lua_setmetatable(L: LuaState, index: number): void;
	export function lua_settop(L: LuaState, index: number): void;
	export function lua_toboolean(L: LuaState, index: number): boolean;
	export function lua_tointeger(L: LuaState, index: number): number;
	export function lua_tolstring(L: LuaState, index: number): Bytes | null;
	export function lua_touserdata(L: LuaState, index: number): unknown;
	export function lua_type(L: LuaState, index: number): number;
	export function lua_typename(L: LuaState, type: number): Bytes;
	export function lua_upvaluejoin(L: LuaState, a: number, n: number, b: number, m: number): void;
}

declare module 'fengari/src/lauxlib.js' {
	import type { LuaFunction, LuaState } from 'fengari/src/lua.js';

	export function luaL_argerror(L: LuaState, arg: number, message: Uint8Array): never;
	export function luaL_checkinteger(L: LuaState, arg: number): number;
	export function luaL_checklstring(L: LuaState, arg: number): Uint8Array;
	export function luaL_checkstack(L: LuaState, n: number): void;
	export function luaL_checkudata(L: LuaState, arg: number, name: Uint8Array): unknown;
	export function luaL_loadbufferx(L: LuaState, bytes: Uint8Array, size: number, name: Uint8Array, mode: Uint8Array): number;
	export function luaL_newmetatable(L: LuaState, name: Uint8Array): number;
	export function luaL_newstate(): LuaState;
	export function luaL_optinteger(L: LuaState, arg: number, otherwise: number): number;
	export function luaL_requiref(L: LuaState, name: Uint8Array, open: LuaFunction, global: number): void;
	export function luaL_setmetatable(L: LuaState, name: Uint8Array): void;
	export function luaL_testudata(L: LuaState, arg: number, name: Uint8Array): unknown;
	export function luaL_traceback(L: LuaState, of: LuaState, message: Uint8Array | null, level: number): void;
	export function luaL_where(L: LuaState, level: number): void;
}

declare module 'fengari/src/defs.js' {}
declare module 'fengari/src/lbaselib.js' {
	export const luaopen_base: import('fengari/src/lua.js').LuaFunction;
}
declare module 'fengari/src/lcorolib.js' {
	export const luaopen_coroutine: import('fengari/src/lua.js').LuaFunction;
}
declare module 'fengari/src/lstrlib.js' {
	export const luaopen_string: import('fengari/src/lua.js').LuaFunction;
}
declare module 'fengari/src/ltablib.js' {
	export const luaopen_table: import('fengari/src/lua.js').LuaFunction;
}
declare module 'fengari/src/lobject.js' {
	/** A place for a value. */
	interface Slot {
		setivalue(value: number): void;
		setfltvalue(value: number): void;
		chgfltvalue(value: number): void;
	}
	/** The module itself, because we replace some of its functions. */
	const lobject: {
		TValue: { prototype: Slot };
		luaO_str2num: (text: Uint8Array, into: Slot) => number;
	};
	export = lobject;
}
