/** Where Unix systems keep their own programs. */

const FOLDERS = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/sbin'];

/**
 * Returns a PATH for finding system programs: the user's PATH without entries that depend on the current folder (`.`, `bin`,
 * or an empty entry, which means `.`), then the folders of the system and of its administrator.
 */
export function systemPath(path: string | undefined): string {
	const absolute = (path ?? '').split(':').filter((folder) => folder.startsWith('/'));
	return [...new Set([...absolute, ...FOLDERS])].join(':');
}
