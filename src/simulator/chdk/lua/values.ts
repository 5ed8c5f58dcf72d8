/** Converts between values of Lua and of this program. */

import { luaL_checkinteger, luaL_checklstring } from 'fengari/src/lauxlib.js';
import {
	LUA_TBOOLEAN,
	LUA_TNIL,
	LUA_TNONE,
	type LuaFunction,
	type LuaState,
	lua_createtable,
	lua_pushboolean,
	lua_pushcfunction,
	lua_pushinteger,
	lua_pushnil,
	lua_pushstring,
	lua_rawseti,
	lua_setfield,
	lua_toboolean,
	lua_type,
} from 'fengari/src/lua.js';
import { latin1 } from '#base/bytes.ts';

/** What `push` can push. Text has one byte per character; lists and objects become tables. */
export type LuaValue =
	| undefined
	| boolean
	| number
	| string
	| Uint8Array
	| LuaFunction
	| readonly LuaValue[]
	| { readonly [key: string]: LuaValue };

/** Converts text to bytes, one per character. */
export function bytesOf(text: string): Uint8Array {
	return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Pushes one value. */
export function push(L: LuaState, value: LuaValue): void {
	if (value === undefined) lua_pushnil(L);
	else if (typeof value === 'boolean') lua_pushboolean(L, value);
	else if (typeof value === 'number') lua_pushinteger(L, value | 0);
	else if (typeof value === 'string') lua_pushstring(L, bytesOf(value));
	else if (typeof value === 'function') lua_pushcfunction(L, value);
	else if (value instanceof Uint8Array) lua_pushstring(L, value);
	else if (isList(value)) {
		lua_createtable(L, value.length, 0);
		for (const [index, element] of value.entries()) {
			push(L, element);
			lua_rawseti(L, -2, index + 1);
		}
	} else {
		lua_createtable(L, 0, 0);
		for (const [key, element] of Object.entries(value)) {
			push(L, element);
			lua_setfield(L, -2, bytesOf(key));
		}
	}
}

function isList(value: object): value is readonly LuaValue[] {
	return Array.isArray(value);
}

/** Makes a function for Lua that pushes the results of one of ours. */
export function returning(run: (L: LuaState) => readonly LuaValue[]): LuaFunction {
	return (L) => {
		const results = run(L);
		for (const result of results) push(L, result);
		return results.length;
	};
}

/** Returns the n-th argument as text, one byte per character. Raises a Lua error if it is neither text nor number. */
export function textArgument(L: LuaState, n: number): string {
	return latin1(luaL_checklstring(L, n));
}

/** Returns the n-th argument as integer, or `otherwise` if it is missing or nil. Raises a Lua error for anything else. */
export function integerArgument(L: LuaState, n: number, otherwise?: number): number {
	if (otherwise !== undefined && isMissing(L, n)) return otherwise;
	return luaL_checkinteger(L, n);
}

/** Returns the n-th argument as a boolean. CHDK accepts a boolean, or a number, of which 0 is false. */
export function switchArgument(L: LuaState, n: number): boolean {
	return lua_type(L, n) === LUA_TBOOLEAN ? lua_toboolean(L, n) : luaL_checkinteger(L, n) !== 0;
}

/** Whether the n-th argument is missing or nil. */
export function isMissing(L: LuaState, n: number): boolean {
	const type = lua_type(L, n);
	return type === LUA_TNONE || type === LUA_TNIL;
}
