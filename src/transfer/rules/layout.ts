/** Where the files of one `get` go below the chosen folder. Pure. */
import { numbered, safeName, sameNameKey } from './safe-name.ts';

/** A file on the camera; `path` are its folders and its name, as the camera spells them. */
export interface Located {
	path: readonly string[];
}

/** A file and its place: safe names, the last one is the file's. */
export interface Placed<T> {
	file: T;
	to: readonly string[];
}

/**
 * Places for files. With `folders` the camera's folders are kept, without the outermost DCIM (100CANON/IMG_0001.JPG);
 * otherwise only for files whose name occurs more than once. What still is the same then (two cards) is numbered.
 */
export function layout<T extends Located>(files: readonly T[], folders: boolean): Placed<T>[] {
	const flat = files.map(({ path }) => [safeName(path.at(-1) ?? '')]);
	const occurrences = new Map<string, number>();
	for (const [name] of flat) occurrences.set(key([name as string]), (occurrences.get(key([name as string])) ?? 0) + 1);
	const wanted = files.map(({ path }, at) => {
		const name = flat[at] as string[];
		return folders || (occurrences.get(key(name)) ?? 0) > 1 ? inFolders(path) : name;
	});
	// No file may stand where a folder has to be.
	const taken = new Set(wanted.flatMap((place) => place.slice(1).map((_, at) => key(place.slice(0, at + 1)))));
	/** Numbers below this are taken, of each wanted place: with many files of one name each would try them all. */
	const next = new Map<string, number>();
	return files.map((file, at) => ({ file, to: untaken(wanted[at] as string[], taken, next) }));
}

function inFolders(path: readonly string[]): string[] {
	const inner = path.length > 1 && path[0]?.toUpperCase() === 'DCIM' ? path.slice(1) : path;
	return inner.map(safeName);
}

function untaken(to: readonly string[], taken: Set<string>, next: Map<string, number>): readonly string[] {
	const folders = to.slice(0, -1);
	for (let number = next.get(key(to)) ?? 1; ; number++) {
		const place = [...folders, numbered(to.at(-1) as string, number)];
		if (taken.has(key(place))) continue;
		taken.add(key(place));
		next.set(key(to), number + 1);
		return place;
	}
}

const key = (place: readonly string[]): string => sameNameKey(place.join('/'));
