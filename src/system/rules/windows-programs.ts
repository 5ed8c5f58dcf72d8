/** Where Windows keeps its own programs. */

/**
 * Returns the full path of one of Windows' own programs. A bare name would be looked up in the current folder first (libuv
 * does as CreateProcess does), and that folder may be Downloads.
 * @param name without `.exe`
 */
export function windowsProgram(name: string, env: Readonly<Record<string, string | undefined>>): string {
	const root = Object.entries(env).find(([key]) => key.toUpperCase() === 'SYSTEMROOT')?.[1];
	const folder = name === 'powershell' ? 'System32\\WindowsPowerShell\\v1.0' : 'System32';
	return `${root === undefined || root === '' ? 'C:\\Windows' : root}\\${folder}\\${name}.exe`;
}
