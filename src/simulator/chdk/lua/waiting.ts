/** Functions that wait yield on the camera, which is not possible everywhere. */
import type { LuaState } from 'fengari/src/lua.js';
import { raise } from './raise.ts';

/** Calls through the host in the script's own thread when it runs straight. */
const STRAIGHT = 1;
let main: LuaState | undefined;

/** Tells which thread of Lua is the script's own. */
export function runsOn(L: LuaState): void {
	main = L;
}

/** A Lua error inside of pcall, sort, gsub or a metamethod: Lua 5.1 cannot yield there. */
export function waits(L: LuaState): void {
	if (L === main && L.nCcalls > STRAIGHT) raise(L, 'attempt to yield across metamethod/C-call boundary');
}
