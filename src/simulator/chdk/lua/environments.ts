/** The environments of Lua 5.1, implemented with 5.3's upvalue `_ENV`. */
import {
	LUA_TFUNCTION,
	type LuaFunction,
	type LuaState,
	lua_call,
	lua_getglobal,
	lua_getupvalue,
	lua_pop,
	lua_pushvalue,
	lua_type,
	lua_upvaluejoin,
} from 'fengari/src/lua.js';
import { latin1 } from '#base/bytes.ts';
import { compile } from './compile.ts';
import { raise } from './raise.ts';
import { bytesOf } from './values.ts';

/** Returns the index of a function's upvalue `_ENV`; 0 if it uses no global. */
function environmentOf(L: LuaState, index: number): number {
	for (let n = 1; ; n++) {
		const name = lua_getupvalue(L, index, n);
		if (name === null) return 0;
		lua_pop(L, 1);
		if (latin1(name) === '_ENV') return n;
	}
}

/** `setfenv(f, table)` for functions. Stack levels are not supported. */
export const setfenv: LuaFunction = (L) => {
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

/** `getfenv(f)`. Without a function it returns the globals. */
export const getfenv: LuaFunction = (L) => {
	const n = lua_type(L, 1) === LUA_TFUNCTION ? environmentOf(L, 1) : 0;
	if (n === 0) lua_getglobal(L, bytesOf('_G'));
	else lua_getupvalue(L, 1, n);
	return 1;
};
