/** Compiles Lua: the script itself, and `load` for scripts. */
import {
	LUA_TFUNCTION,
	type LuaFunction,
	type LuaState,
	lua_call,
	lua_load,
	lua_pop,
	lua_pushnil,
	lua_pushvalue,
	lua_settop,
	lua_tolstring,
	lua_type,
} from 'fengari/src/lua.js';
import { joinBytes } from '#base/bytes.ts';
import { LARGEST_STRING, OutOfMemory } from './memory-limit.ts';
import { raise } from './raise.ts';
import { bytesOf } from './values.ts';

/** Chunks have no name, so that errors begin with `:LINE:` as CHDK's do. */
const NO_NAME = bytesOf('=');
/** Only text is loaded, because compiled code could do anything to the machine. */
const TEXT_ONLY = bytesOf('t');

/** Compiles text and pushes the function, or the error message. Returns whether it is the function. */
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

/** `load`, from text or from a function that returns it in pieces. */
export const load: LuaFunction = (L) => {
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
