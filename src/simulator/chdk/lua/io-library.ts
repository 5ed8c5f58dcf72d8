/** Lua's `io` for files on the card. Standard input and output are closed until a script sets them to files. */
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { luaL_checkudata, luaL_newmetatable, luaL_setmetatable, luaL_testudata } from 'fengari/src/lauxlib.js';
import {
	LUA_TSTRING,
	type LuaFunction,
	type LuaState,
	lua_gettop,
	lua_newuserdata,
	lua_pop,
	lua_setfield,
	lua_tolstring,
	lua_type,
} from 'fengari/src/lua.js';
import { onDisk } from '../../card/object.ts';
import { CardError, NO_LINKS, placeForFile } from '../card-path.ts';
import { type OpenFile, openFiles, readBytes, readLine, readNumber } from './open-files.ts';
import { failure } from './os-library.ts';
import { raise } from './raise.ts';
import { root } from './thread.ts';
import { bytesOf, integerArgument, isMissing, type LuaValue, push, returning, textArgument } from './values.ts';

const METATABLE = bytesOf('FILE*');
/** How many files a script may have open. The firmware has only a few handles. */
const MOST_OPEN = 16;

function fileOf(L: LuaState): OpenFile {
	return openFiles.get(luaL_checkudata(L, 1, METATABLE) as object) ?? raise(L, 'attempt to use a closed file');
}

const openMode: Readonly<Record<string, number>> = {
	r: constants.O_RDONLY,
	'r+': constants.O_RDWR,
	w: constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC,
	'w+': constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC,
	a: constants.O_WRONLY | constants.O_CREAT,
	'a+': constants.O_RDWR | constants.O_CREAT,
};

const openFile: LuaFunction = (L) => {
	const name = textArgument(L, 1);
	const mode = isMissing(L, 2) ? 'r' : textArgument(L, 2).replace('b', '');
	const flags = openMode[mode] ?? raise(L, `bad argument #2 to 'open' (invalid mode)`);
	try {
		const { path, stats } = placeForFile(root, name);
		if (stats === undefined && (flags & constants.O_CREAT) === 0) throw new CardError('ENOENT');
		if (openFiles.size >= MOST_OPEN) throw new CardError('EIO');
		const fd = openSync(onDisk(path), flags | NO_LINKS, 0o644);
		const file = lua_newuserdata(L, 0);
		openFiles.set(file, { fd, at: 0, append: mode.startsWith('a') });
		luaL_setmetatable(L, METATABLE);
		return 1;
	} catch (error) {
		return returning(() => failure(name, error))(L);
	}
};

function readFormat(L: LuaState, file: OpenFile, n: number): LuaValue {
	if (lua_type(L, n) !== LUA_TSTRING) {
		const size = integerArgument(L, n) >>> 0;
		const bytes = readBytes(file, size);
		return bytes.length === 0 && (size > 0 || file.at >= fstatSync(file.fd).size) ? undefined : bytes;
	}
	const format = textArgument(L, n);
	if (format.charAt(0) !== '*') raise(L, `bad argument #${n - 1} to 'read' (invalid option)`);
	switch (format.charAt(1)) {
		case 'a':
			return readBytes(file, Number.POSITIVE_INFINITY);
		case 'l':
			return readLine(file);
		case 'n':
			return readNumber(file);
		default:
			return raise(L, `bad argument #${n - 1} to 'read' (invalid format)`);
	}
}

const methods: Readonly<Record<string, LuaFunction>> = {
	read: returning((L) => {
		const file = fileOf(L);
		if (lua_gettop(L) === 1) return [readLine(file)];
		const results: LuaValue[] = [];
		// Reading stops after the first format that fails.
		for (let n = 2; n <= lua_gettop(L) && (n === 2 || results.at(-1) !== undefined); n++) results.push(readFormat(L, file, n));
		return results;
	}),
	lines: returning((L) => {
		const file = fileOf(L);
		return [returning(() => [readLine(file)])];
	}),
	write: returning((L) => {
		const file = fileOf(L);
		for (let n = 2; n <= lua_gettop(L); n++) {
			const bytes = lua_tolstring(L, n) ?? raise(L, `bad argument #${n - 1} to 'write' (string expected)`);
			if (file.append) file.at = fstatSync(file.fd).size;
			for (let done = 0; done < bytes.length; ) {
				const written = writeSync(file.fd, bytes, done, bytes.length - done, file.at);
				done += written;
				file.at += written;
			}
		}
		return [true];
	}),
	seek: returning((L) => {
		const file = fileOf(L);
		const whence = isMissing(L, 2) ? 'cur' : textArgument(L, 2);
		const offset = integerArgument(L, 3, 0);
		const from = whence === 'set' ? 0 : whence === 'end' ? fstatSync(file.fd).size : file.at;
		if (from + offset < 0) return failure(undefined, new CardError('EINVAL'));
		file.at = from + offset;
		return [file.at];
	}),
	flush: returning((L) => [fileOf(L) !== undefined]),
	close: returning((L) => {
		closeSync(fileOf(L).fd);
		return [openFiles.delete(luaL_checkudata(L, 1, METATABLE) as object)];
	}),
};

/** Wraps a method so that it returns errors of the file system (a full disk, a file open for reading only) as Lua does. */
function catching(method: LuaFunction): LuaFunction {
	return (L) => {
		try {
			return method(L);
		} catch (error) {
			if (!(error instanceof Error) || !('syscall' in error)) throw error;
			return returning(() => failure(undefined, error))(L);
		}
	};
}

/** Makes the functions of `io` that are not in Lua. */
export function ioLibrary(L: LuaState): Readonly<Record<string, LuaFunction>> {
	luaL_newmetatable(L, METATABLE);
	push(L, Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, catching(method)])));
	lua_setfield(L, -2, bytesOf('__index'));
	push(
		L,
		returning((state) => [openFiles.has(luaL_checkudata(state, 1, METATABLE) as object) ? 'file (0x00000001)' : 'file (closed)']),
	);
	lua_setfield(L, -2, bytesOf('__tostring'));
	lua_pop(L, 1);
	return { open: openFile, type: typeOf };
}

/** `io.type`, which returns "file", "closed file" or nil. */
const typeOf = returning((L) => {
	if (lua_gettop(L) === 0) raise(L, "bad argument #1 to 'type' (value expected)");
	const file = luaL_testudata(L, 1, METATABLE);
	return [file === null ? undefined : openFiles.has(file as object) ? 'file' : 'closed file'];
});
