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

/**
 * The environment to start programs of the system itself with (`ps`, `stty`): they are found in the system's own folders first,
 * then in the user's PATH, never in the current folder. People stand in Downloads.
 */
export function systemEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
	return { ...env, PATH: systemPath([systemPath(undefined), env.PATH ?? ''].join(':')) };
}
