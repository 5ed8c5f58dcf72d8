/** The worker thread in which scripts run, one after the other, each in a new Lua state. */
// Must be first, so that the limit applies to everything loaded after it.
import './memory-limit.ts';
// Fengari's modules import each other in circles, which only works if this one comes first.
import 'fengari/src/defs.js';

import { luaL_newstate } from 'fengari/src/lauxlib.js';
import {
	LUA_MASKCOUNT,
	LUA_OK,
	LUA_YIELD,
	type LuaState,
	lua_atnativeerror,
	lua_gettop,
	lua_newthread,
	lua_resume,
	lua_sethook,
	lua_tolstring,
	lua_touserdata,
} from 'fengari/src/lua.js';
import { latin1 } from '#base/bytes.ts';
import type { ScriptEnd } from '../machine.ts';
import type { ToThread } from './calls.ts';
import { cameraLibrary } from './camera-library.ts';
import { compile } from './compile.ts';
import { openLibraries, runPrelude, setGlobals } from './dialect.ts';
import { ioLibrary } from './io-library.ts';
import { IO_PRELUDE } from './io-prelude.ts';
import { checkMemory, OutOfMemory } from './memory-limit.ts';
import { messagesLibrary, returned } from './messages-library.ts';
import { useIntegersOnly } from './numbers.ts';
import { closeFiles } from './open-files.ts';
import { osLibrary } from './os-library.ts';
import { requireLibrary } from './require-library.ts';
import { port, tell } from './thread.ts';
import { push } from './values.ts';
import { runsOn } from './waiting.ts';

/** Instructions between two memory checks. */
const LOOK_EVERY = 200;

function words(L: LuaState): string {
	const message = lua_tolstring(L, -1);
	return message === null ? 'error object is not a string' : latin1(message);
}

/** Turns a JavaScript error into a Lua error, so that scripts can catch it. */
function nativeError(L: LuaState): number {
	const error = lua_touserdata(L, 1);
	if (error instanceof OutOfMemory) push(L, 'not enough memory');
	else if (error instanceof RangeError) push(L, 'stack overflow');
	else push(L, `internal error: ${error instanceof Error ? error.message : String(error)}`);
	return 1;
}

function run(source: Uint8Array): void {
	const main = luaL_newstate();
	lua_atnativeerror(main, nativeError);
	openLibraries(main);
	setGlobals(main, { ...cameraLibrary(), ...messagesLibrary, ...requireLibrary, os: osLibrary, io: ioLibrary(main) });
	runPrelude(main, IO_PRELUDE);
	const L = lua_newthread(main);
	if (!compile(L, source)) {
		tell({ type: 'compiled', error: words(L) });
		return;
	}
	tell({ type: 'compiled' });
	lua_sethook(L, checkMemory, LUA_MASKCOUNT, LOOK_EVERY);
	runsOn(L);
	let status = lua_resume(L, null, 0);
	// A script that yields is resumed with the values that it yielded.
	while (status === LUA_YIELD) status = lua_resume(L, null, lua_gettop(L));
	const end: ScriptEnd = status === LUA_OK ? returned(L) : { returned: [], error: words(L) };
	closeFiles();
	tell({ type: 'ended', end });
}

useIntegersOnly();
port.on('message', (message: ToThread) => {
	if (message.type === 'run') run(message.source);
});
