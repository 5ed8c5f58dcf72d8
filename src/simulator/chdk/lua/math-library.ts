/** What is left of Lua's `math` where numbers have no fractions: no `floor`, for there is nothing to be cut off. */
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

/** `math.random(upper)` or `(lower, upper)`; there are no fractions for none. */
const random = returning((L) => {
	const count = lua_gettop(L);
	if (count !== 1 && count !== 2) raise(L, 'wrong number of arguments');
	const lower = count === 1 ? 1 : luaL_checkinteger(L, 1);
	const upper = luaL_checkinteger(L, count);
	if (lower > upper) raise(L, `bad argument #${count} to 'random' (interval is empty)`);
	return [lower + Math.floor(Math.random() * (upper - lower + 1))];
});

export const mathLibrary: Readonly<Record<string, LuaFunction>> = { ...onIntegers, random };
