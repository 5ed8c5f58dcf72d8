/** On a camera, functions that wait yield, which is not possible everywhere. */
import type { LuaState } from 'fengari/src/lua.js';
import { raise } from './raise.ts';

/** `nCcalls` in the script's own thread outside of any call through the host. */
const STRAIGHT = 1;
let main: LuaState | undefined;

/** Sets which Lua thread is the script's own. */
export function runsOn(L: LuaState): void {
	main = L;
}

/** Raises a Lua error inside of pcall, sort, gsub or a metamethod, where Lua 5.1 cannot yield. */
export function waits(L: LuaState): void {
	if (L === main && L.nCcalls > STRAIGHT) raise(L, 'attempt to yield across metamethod/C-call boundary');
}
