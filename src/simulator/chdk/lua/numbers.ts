/**
 * CHDK's Lua is built with 32-bit integers as its only numbers: 3/2 is 1, 2^31 overflows, 1.5 is no number. Fengari's
 * integers already have 32 bits, so only floats must be prevented. (The build changes the remainder `%`:
 * `scripts/fengari-repairs.mjs`.)
 */
import lobject from 'fengari/src/lobject.js';
import { parseInteger, toInteger } from './integers.ts';

/** Removes floats from the Lua machine of this thread, permanently. */
export function useIntegersOnly(): void {
	const { prototype } = lobject.TValue;
	prototype.setfltvalue = prototype.chgfltvalue = function (value) {
		this.setivalue(toInteger(value));
	};
	lobject.luaO_str2num = (text, into) => {
		const parsed = parseInteger(text);
		if (parsed === undefined) return 0;
		into.setivalue(parsed.value);
		return parsed.end + 1;
	};
}
