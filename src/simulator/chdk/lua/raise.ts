/** Errors of Lua. */
import { luaL_where } from 'fengari/src/lauxlib.js';
import { type LuaState, lua_concat, lua_error, lua_pushstring } from 'fengari/src/lua.js';

/** Raises an error with this message, preceded by the position in the script. */
export function raise(L: LuaState, message: string): never {
	luaL_where(L, 1);
	lua_pushstring(
		L,
		Uint8Array.from(message, (character) => character.charCodeAt(0)),
	);
	lua_concat(L, 2);
	return lua_error(L);
}
