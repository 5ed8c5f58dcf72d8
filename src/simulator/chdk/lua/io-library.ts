/** Lua's `io` for files on the card; without standard input and output. And `require`, which reads the card's libraries. */
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { luaL_checkudata, luaL_newmetatable, luaL_setmetatable } from 'fengari/src/lauxlib.js';
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
import { CardError, NO_LINKS, onDisk, placeForFile } from '../card-path.ts';
import { parseInteger } from './integers.ts';
import { LARGEST_STRING, OutOfMemory } from './memory-limit.ts';
import { failure } from './os-library.ts';
import { raise } from './raise.ts';
import { root } from './thread.ts';
import { bytesOf, integerArgument, isMissing, push, returning, textArgument, type Value } from './values.ts';

const METATABLE = bytesOf('FILE*');
/** Files that a script may have open; the firmware has a handful of handles. */
const MOST_OPEN = 16;

interface OpenFile {
	fd: number;
	/** Next byte to be read or written. */
	at: number;
	append: boolean;
}
/** Files by the user data that stands for them. */
const open = new Map<object, OpenFile>();

/** Closes what a script has left open. */
export function closeFiles(): void {
	for (const { fd } of open.values()) closeSync(fd);
	open.clear();
}

function fileOf(L: LuaState): OpenFile {
	return open.get(luaL_checkudata(L, 1, METATABLE) as object) ?? raise(L, 'attempt to use a closed file');
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
		if (open.size >= MOST_OPEN) throw new CardError('EIO');
		const fd = openSync(onDisk(path), flags | NO_LINKS, 0o644);
		const file = lua_newuserdata(L, 0);
		open.set(file, { fd, at: 0, append: mode.startsWith('a') });
		luaL_setmetatable(L, METATABLE);
		return 1;
	} catch (error) {
		return returning(() => failure(name, error))(L);
	}
};

/** At most `size` bytes from where the file stands. */
function readBytes(file: OpenFile, size: number): Uint8Array {
	const left = Math.max(0, fstatSync(file.fd).size - file.at);
	const wanted = Math.min(size, left);
	if (wanted > LARGEST_STRING) throw new OutOfMemory();
	const bytes = new Uint8Array(wanted);
	const read = readSync(file.fd, bytes, 0, wanted, file.at);
	file.at += read;
	return bytes.subarray(0, read);
}

function readLine(file: OpenFile): Uint8Array | undefined {
	const start = file.at;
	for (let size = 256; ; size *= 4) {
		file.at = start;
		const bytes = readBytes(file, size);
		const end = bytes.indexOf(0x0a);
		if (end < 0 && bytes.length === size) continue;
		file.at = start + (end < 0 ? bytes.length : end + 1);
		return bytes.length === 0 ? undefined : bytes.subarray(0, end < 0 ? bytes.length : end);
	}
}

function readFormat(L: LuaState, file: OpenFile, n: number): Value {
	if (lua_type(L, n) !== LUA_TSTRING) {
		const size = integerArgument(L, n);
		const bytes = readBytes(file, size);
		return bytes.length === 0 && (size > 0 || file.at >= fstatSync(file.fd).size) ? undefined : bytes;
	}
	switch (textArgument(L, n).replace('*', '').charAt(0)) {
		case 'a':
			return readBytes(file, Number.POSITIVE_INFINITY);
		case 'l':
			return readLine(file);
		case 'n':
			return parseInteger(readLine(file) ?? new Uint8Array(0))?.value;
		default:
			return raise(L, `bad argument #${n - 1} to 'read' (invalid format)`);
	}
}

const methods: Readonly<Record<string, LuaFunction>> = {
	read: returning((L) => {
		const file = fileOf(L);
		if (lua_gettop(L) === 1) return [readLine(file)];
		const results: Value[] = [];
		for (let n = 2; n <= lua_gettop(L); n++) results.push(readFormat(L, file, n));
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
		if (from + offset < 0) return failure('seek', new CardError('EINVAL'));
		file.at = from + offset;
		return [file.at];
	}),
	flush: returning((L) => [fileOf(L) !== undefined]),
	close: returning((L) => {
		closeSync(fileOf(L).fd);
		return [open.delete(luaL_checkudata(L, 1, METATABLE) as object)];
	}),
};

/** A method that tells what the system refuses (a full disk, a file open for reading only) as Lua does. */
function told(method: LuaFunction): LuaFunction {
	return (L) => {
		try {
			return method(L);
		} catch (error) {
			if (!(error instanceof Error) || !('syscall' in error)) throw error;
			return returning(() => failure('file', error))(L);
		}
	};
}

export function ioLibrary(L: LuaState): Readonly<Record<string, LuaFunction>> {
	luaL_newmetatable(L, METATABLE);
	push(L, Object.fromEntries(Object.entries(methods).map(([name, method]) => [name, told(method)])));
	lua_setfield(L, -2, bytesOf('__index'));
	lua_pop(L, 1);
	return { open: openFile };
}
