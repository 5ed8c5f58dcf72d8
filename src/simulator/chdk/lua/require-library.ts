/** `require`, `dofile` and `loadfile` for Lua files on the card. */
import { readFileSync } from 'node:fs';
import {
	LUA_MULTRET,
	LUA_REGISTRYINDEX,
	LUA_TNIL,
	type LuaFunction,
	type LuaState,
	lua_call,
	lua_error,
	lua_getfield,
	lua_gettop,
	lua_pop,
	lua_pushvalue,
	lua_setfield,
	lua_settop,
	lua_type,
} from 'fengari/src/lua.js';
import { onDisk } from '../../card/object.ts';
import { asCardError, CardError, findOnCard } from '../card-path.ts';
import { compile } from './compile.ts';
import { LARGEST_STRING } from './memory-limit.ts';
import { raise } from './raise.ts';
import { root } from './thread.ts';
import { bytesOf, push, textArgument } from './values.ts';

/** Where CHDK looks for libraries. */
const FOLDERS = ['A/CHDK/SCRIPTS', 'A/CHDK/LUALIB'] as const;

function sourceOf(name: string): Uint8Array {
	const { path, stats } = findOnCard(root, name);
	if (stats === undefined) throw new CardError('ENOENT');
	if (!stats.isFile()) throw new CardError('EISDIR');
	if (stats.size > LARGEST_STRING) throw new CardError('EIO');
	return readFileSync(onDisk(path));
}

/** Compiles a file and pushes the function, or the error message. Returns whether it is the function. */
function compileFile(L: LuaState, name: string): boolean {
	try {
		return compile(L, sourceOf(name));
	} catch (error) {
		push(L, `cannot open ${name}: ${asCardError(error).message}`);
		return false;
	}
}

const require: LuaFunction = (L) => {
	const name = textArgument(L, 1);
	lua_settop(L, 1);
	lua_getfield(L, LUA_REGISTRYINDEX, bytesOf('_LOADED'));
	lua_getfield(L, 2, bytesOf(name));
	if (lua_type(L, 3) !== LUA_TNIL) return 1;
	const path = name.replaceAll('.', '/');
	const found = FOLDERS.map((folder) => `${folder}/${path}.lua`).find((file) => {
		try {
			return findOnCard(root, file).stats?.isFile() === true;
		} catch (error) {
			asCardError(error);
			return false;
		}
	});
	if (found === undefined)
		raise(L, `module '${name}' not found:${FOLDERS.map((folder) => `\n\tno file '${folder}/${path}.lua'`).join('')}`);
	if (!compileFile(L, found)) return lua_error(L);
	lua_pushvalue(L, 1);
	lua_call(L, 1, 1);
	if (lua_type(L, -1) === LUA_TNIL) {
		lua_pop(L, 1);
		push(L, true);
	}
	lua_pushvalue(L, -1);
	lua_setfield(L, 2, bytesOf(name));
	return 1;
};

/** The functions by name. */
export const requireLibrary: Readonly<Record<string, LuaFunction>> = {
	require,
	loadfile: (L) => {
		if (compileFile(L, textArgument(L, 1))) return 1;
		push(L, undefined);
		lua_pushvalue(L, -2);
		return 2;
	},
	dofile: (L) => {
		const before = lua_gettop(L);
		if (!compileFile(L, textArgument(L, 1))) return lua_error(L);
		lua_call(L, 0, LUA_MULTRET);
		return lua_gettop(L) - before;
	},
};
