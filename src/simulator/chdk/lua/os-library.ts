/** CHDK's `os`: the part of Lua's `os` that a camera can do, and also listdir, idir, stat, mkdir and utime. */
import { mkdirSync, renameSync, rmdirSync, type Stats, unlinkSync, utimesSync } from 'node:fs';
import {
	LUA_TBOOLEAN,
	LUA_TTABLE,
	type LuaFunction,
	type LuaState,
	lua_getfield,
	lua_pop,
	lua_toboolean,
	lua_tointeger,
	lua_type,
} from 'fengari/src/lua.js';
import { onDisk } from '../../card/object.ts';
import { asCardError, CARD_ERRORS, CardError, findOnCard, listFolder } from '../card-path.ts';
import { formatDate } from './dates.ts';
import { raise } from './raise.ts';
import { call, root } from './thread.ts';
import { bytesOf, integerArgument, isMissing, type LuaValue, returning, textArgument } from './values.ts';

/** DOS attributes of directory entries. */
const ATTRIBUTE = { readOnly: 0x01, directory: 0x10, archive: 0x20 } as const;
/** CHDK counts in FAT sectors of this many bytes. */
const BLOCK_BYTES = 512;

/** Returns CHDK's values for a failure: nil, the reason (with a name `NAME: reason`), the error number. */
export function failure(name: string | undefined, error: unknown): readonly LuaValue[] {
	const [number, words] = CARD_ERRORS[asCardError(error).code];
	return [undefined, name === undefined ? words : `${name}: ${words}`, number];
}

/** Makes a function on a file name that returns true, or the failure. */
function onName(act: (name: string, L: LuaState) => void): LuaFunction {
	return returning((L) => {
		const name = textArgument(L, 1);
		try {
			act(name, L);
			return [true];
		} catch (error) {
			return failure(name, error);
		}
	});
}

/** Returns by how many seconds the camera's clock, which has no time zone, is ahead of UTC at a moment. */
function offsetOf(unixSeconds: number): number {
	return -new Date(unixSeconds * 1000).getTimezoneOffset() * 60;
}
const toCamera = (ms: number): number => Math.floor(ms / 1000) + offsetOf(ms / 1000);
/** Converts a reading of the camera's clock to seconds since 1970 in UTC. */
const fromCamera = (seconds: number): number => seconds - offsetOf(seconds - offsetOf(seconds));

function describe(stats: Stats): LuaValue {
	const folder = stats.isDirectory();
	const size = folder ? 0 : stats.size;
	const writable = (stats.mode & 0o200) !== 0;
	return {
		dev: 1,
		mode: (folder ? 0o040000 : 0o100000) | (writable ? 0o777 : 0o555),
		size,
		atime: toCamera(stats.atimeMs),
		mtime: toCamera(stats.mtimeMs),
		ctime: toCamera(stats.ctimeMs),
		blksize: BLOCK_BYTES,
		blocks: Math.ceil(size / BLOCK_BYTES),
		attrib: (folder ? ATTRIBUTE.directory : ATTRIBUTE.archive) | (writable ? 0 : ATTRIBUTE.readOnly),
		is_dir: folder,
		is_file: !folder,
	};
}

/** Returns the names in a folder, with `all` also `.` and `..`, which the root of a FAT file system does not have. */
function namesIn(name: string, all: boolean): string[] {
	const { path, stats, root: isCard } = findOnCard(root, name);
	if (stats === undefined) throw new CardError('ENOENT');
	if (!stats.isDirectory()) throw new CardError('ENOTDIR');
	return [...(all && !isCard ? ['.', '..'] : []), ...listFolder(path)];
}

/** Reads the second argument of listdir and idir: a boolean, or a table with `showall`. */
function showsAll(L: LuaState): boolean {
	if (lua_type(L, 2) !== LUA_TTABLE) return lua_toboolean(L, 2);
	lua_getfield(L, 2, bytesOf('showall'));
	const all = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return all;
}

/** Reads a field of `os.time`'s table. */
function dateField(L: LuaState, name: string, otherwise?: number): number {
	lua_getfield(L, 1, bytesOf(name));
	if (isMissing(L, -1) && otherwise === undefined) raise(L, `field '${name}' missing in date table`);
	const value = isMissing(L, -1) ? (otherwise ?? 0) : lua_tointeger(L, -1);
	lua_pop(L, 1);
	return value;
}

/** The functions by name. */
export const osLibrary: Readonly<Record<string, LuaFunction>> = {
	stat: returning((L) => {
		const name = textArgument(L, 1);
		try {
			const { stats } = findOnCard(root, name);
			if (stats === undefined) throw new CardError('ENOENT');
			return [describe(stats)];
		} catch (error) {
			return failure(name, error);
		}
	}),
	listdir: returning((L) => {
		const name = textArgument(L, 1);
		try {
			return [namesIn(name, showsAll(L))];
		} catch (error) {
			return failure(name, error);
		}
	}),
	/** Returns an iterator. A folder that cannot be read counts as empty. Calling the iterator with false ends it. */
	idir: returning((L) => {
		let names: string[] = [];
		try {
			names = namesIn(textArgument(L, 1), showsAll(L)).reverse();
		} catch (error) {
			asCardError(error);
		}
		const next = returning((inner) => {
			if (lua_type(inner, 2) === LUA_TBOOLEAN && !lua_toboolean(inner, 2)) names = [];
			return [names.pop()];
		});
		return [next, {}];
	}),
	mkdir: onName((name) => {
		const { path, stats } = findOnCard(root, name);
		if (stats !== undefined) throw new CardError('EEXIST');
		mkdirSync(onDisk(path));
	}),
	/** Removes files and empty folders. */
	remove: onName((name) => {
		const { path, stats, root: isCard } = findOnCard(root, name);
		if (stats === undefined) throw new CardError('ENOENT');
		if (isCard) throw new CardError('EACCES');
		if (stats.isDirectory()) rmdirSync(onDisk(path));
		else unlinkSync(onDisk(path));
	}),
	/** The new name must not be in use. */
	rename: onName((name, L) => {
		const from = findOnCard(root, name);
		const to = findOnCard(root, textArgument(L, 2));
		if (from.stats === undefined) throw new CardError('ENOENT');
		if (from.root || `${to.path}/`.startsWith(`${from.path}/`)) throw new CardError('EINVAL');
		if (to.stats !== undefined) throw new CardError('EEXIST');
		renameSync(onDisk(from.path), onDisk(to.path));
	}),
	/** Takes times on the camera's clock; without them, now. */
	utime: onName((name, L) => {
		const { path, stats } = findOnCard(root, name);
		if (stats === undefined) throw new CardError('ENOENT');
		const modified = integerArgument(L, 2, call('time'));
		const accessed = integerArgument(L, 3, call('time'));
		utimesSync(onDisk(path), fromCamera(accessed), fromCamera(modified));
	}),
	/** A leading `!` (UTC) has no effect. */
	date: returning((L) => {
		const format = isMissing(L, 1) ? '%c' : textArgument(L, 1).replace(/^!/, '');
		const date = new Date((isMissing(L, 2) ? call('time') : integerArgument(L, 2)) * 1000);
		if (format !== '*t') return [formatDate(format, date)];
		return [
			{
				year: date.getUTCFullYear(),
				month: date.getUTCMonth() + 1,
				day: date.getUTCDate(),
				hour: date.getUTCHours(),
				min: date.getUTCMinutes(),
				sec: date.getUTCSeconds(),
				wday: date.getUTCDay() + 1,
				yday: Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1,
				isdst: false,
			},
		];
	}),
	time: returning((L) => {
		if (isMissing(L, 1)) return [call('time')];
		if (lua_type(L, 1) !== LUA_TTABLE) raise(L, "bad argument #1 to 'time' (table expected)");
		const day = [dateField(L, 'year'), dateField(L, 'month') - 1, dateField(L, 'day')] as const;
		return [Date.UTC(...day, dateField(L, 'hour', 12), dateField(L, 'min', 0), dateField(L, 'sec', 0)) / 1000];
	}),
	difftime: returning((L) => [integerArgument(L, 1) - integerArgument(L, 2, 0)]),
	clock: returning(() => [Math.floor(call('ticks') / 1000)]),
};
