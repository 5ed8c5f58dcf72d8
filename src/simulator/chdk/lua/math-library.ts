/** The part of Lua's `math` that makes sense without fractions. There is no `floor`, for example. */
import { luaL_checkinteger } from 'fengari/src/lauxlib.js';
import { type LuaFunction, lua_gettop } from 'fengari/src/lua.js';
import { toInteger } from './integers.ts';
import { raise } from './raise.ts';
import { returning } from './values.ts';

const onIntegers: Readonly<Record<string, LuaFunction>> = Object.fromEntries(
	Object.entries({
		abs: ([x = 0]: number[]) => Math.abs(x),
		max: (list: number[]) => Math.max(...list),
		min: (list: number[]) => Math.min(...list),
		pow: ([x = 0, y = 0]: number[]) => toInteger(x ** y),
	}).map(([name, compute]) => [
		name,
		returning((L) => {
			luaL_checkinteger(L, 1);
			return [compute(Array.from({ length: lua_gettop(L) }, (_, n) => luaL_checkinteger(L, n + 1)))];
		}),
	]),
);

/** `math.random(upper)` or `math.random(lower, upper)`. Without arguments it would have to return a fraction, so that is an error. */
const random = returning((L) => {
	const count = lua_gettop(L);
	if (count !== 1 && count !== 2) raise(L, 'wrong number of arguments');
	const lower = count === 1 ? 1 : luaL_checkinteger(L, 1);
	const upper = luaL_checkinteger(L, count);
	if (lower > upper) raise(L, `bad argument #${count} to 'random' (interval is empty)`);
	return [lower + Math.floor(Math.random() * (upper - lower + 1))];
});

/** The functions by name. */
export const mathLibrary: Readonly<Record<string, LuaFunction>> = { ...onIntegers, random };
