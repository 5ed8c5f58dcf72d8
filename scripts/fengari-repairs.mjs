// What is changed in fengari 0.1.5 when it goes into the program. Each text must stand in its file exactly once.
export const REPAIRS = {
	// Keys of strings are their bytes in hexadecimal; without leading zeros "\1\17" and "\17\1" were one key.
	'lstring.js': [['s += str[i].toString(16);', 's += (str[i] < 16 ? "0" : "") + str[i].toString(16);']],
	// An error of JavaScript (no memory, no stack) inside a Lua function found no room for its message.
	'ldo.js': [
		[
			'lapi.lua_pushcfunction(L, atnativeerror);',
			'if (L.ci.top < L.top + 2) L.ci.top = L.top + 2; lapi.lua_pushcfunction(L, atnativeerror);',
		],
	],
	// CHDK's Lua is built with C's integers, whose remainder has the sign of the dividend.
	'lvm.js': [['return (m - Math.floor(m / n) * n)|0;', 'return (m % n)|0;']],
};
