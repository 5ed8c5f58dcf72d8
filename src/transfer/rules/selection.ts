/** Which objects of a card a person means by a path or name. Upper and lower case are the same, as on the card's FAT. */

/** A path or name to look for, taken apart. */
export interface Selection {
	/** As it was written. */
	text: string;
	/** The parts between slashes; each may hold `*` and `?`. Empty: the root. */
	parts: readonly string[];
	/** A bare name: looked for in all folders. */
	anywhere: boolean;
}

/** Takes a path apart. `\` counts as `/`; a leading `A/`, as CHDK writes the card, is left out. */
export function selection(text: string): Selection {
	const path = text.replaceAll('\\', '/');
	const parts = path.split('/').filter((part) => part !== '' && part !== '.');
	if (parts[0]?.toUpperCase() === 'A' && path.includes('/')) parts.shift();
	return { text, parts, anywhere: parts.length === 1 && !path.startsWith('/') && !/^a\//i.test(path) };
}

/** Whether the object at this path is meant: it matches, or a folder above it does. */
export function selects({ parts, anywhere }: Selection, path: readonly string[]): boolean {
	if (anywhere) return path.some((name) => matches(parts[0] as string, name));
	return parts.length <= path.length && parts.every((part, at) => matches(part, path[at] as string));
}

/** Whether the object at this path itself matches, not only a folder above it. */
export function selectsItself(wanted: Selection, path: readonly string[]): boolean {
	if (wanted.anywhere) return path.length > 0 && matches(wanted.parts[0] as string, path.at(-1) as string);
	return wanted.parts.length === path.length && selects(wanted, path);
}

/** Whether anything below this folder can be meant: if not, the folder need not be read. */
export function leadsTo({ parts, anywhere }: Selection, folder: readonly string[]): boolean {
	return anywhere || folder.every((name, at) => at >= parts.length || matches(parts[at] as string, name));
}

/** Whether a person asked for several at once. */
export function hasWildcard(text: string): boolean {
	return /[*?]/.test(text);
}

/** Whether `name` fits the pattern. In linear time for one `*`, and never worse than the product of the lengths. */
export function matches(pattern: string, name: string): boolean {
	const p = [...pattern.toLowerCase()];
	const n = [...name.toLowerCase()];
	let at = 0;
	let from = 0;
	let star = -1;
	let mark = 0;
	while (from < n.length) {
		if (at < p.length && p[at] !== '*' && (p[at] === '?' || p[at] === n[from])) {
			at++;
			from++;
		} else if (at < p.length && p[at] === '*') {
			star = at++;
			mark = from;
		} else if (star >= 0) {
			at = star + 1;
			from = ++mark;
		} else return false;
	}
	while (p[at] === '*') at++;
	return at === p.length;
}
