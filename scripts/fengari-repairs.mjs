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
	// The words of Lua 5.1: "attempt to call global 'x' (a nil value)", "near '<eof>'".
	'ldebug.js': [
		['" (%s \'%s\')"', '"%s \'%s\'"'],
		[
			'luaG_runerror(L, to_luastring("attempt to %s a %s value%s", true), op, t, varinfo(L, o));',
			`let name = varinfo(L, o);
    if (name.length > 0) luaG_runerror(L, to_luastring("attempt to %s %s (a %s value)", true), op, name, t);
    else luaG_runerror(L, to_luastring("attempt to %s a %s value", true), op, t);`,
		],
	],
	'llex.js': [
		[
			'else  /* names, strings, and numerals */\n            return s;',
			'else return lobject.luaO_pushfstring(ls.L, to_luastring("\'%s\'", true), s);',
		],
	],
	'lparser.js': [
		// "'=' expected" after what is no call, as 5.1 says it.
		[
			"if (ls.t.token === 61 /* ('=').charCodeAt(0) */ || ls.t.token === 44 /* (',').charCodeAt(0) */) { /* stat . assignment ? */",
			'if (v.v.k !== expkind.VCALL) {',
		],
		// What Lua 5.1 does not know: operators on bits, division of integers, labels.
		...[
			"case 126 /* ('~').charCodeAt(0) */: return OPR_BNOT;",
			'case R.TK_IDIV:   return OPR_IDIV;',
			"case 38 /* ('&').charCodeAt(0) */: return OPR_BAND;",
			"case 124 /* ('|').charCodeAt(0) */: return OPR_BOR;",
			"case 126 /* ('~').charCodeAt(0) */: return OPR_BXOR;",
			'case R.TK_SHL:    return OPR_SHL;',
			'case R.TK_SHR:    return OPR_SHR;',
			'case R.TK_DBCOLON: {  /* stat -> label */',
		].map((known) => [known, known.replace(/case .*?:/, 'case -1:')]),
	],
};
