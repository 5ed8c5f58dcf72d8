/**
 * CHDK's Lua is built with 32-bit integers as its only numbers: 3/2 is 1, 2^31 overflows, 1.5 is no number. Fengari's
 * integers have 32 bits already; what is left is to keep floats from coming into being. (The remainder `%` is changed when the
 * program is built: `scripts/fengari-repairs.mjs`.)
 */
import lobject from 'fengari/src/lobject.js';
import { parseInteger, toInteger } from './integers.ts';

/** Changes the machine of this thread for good. */
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
