/** Makes text from outside (cameras, tools, the network) safe for terminals and logs. */

// C0, DEL, C1, line and paragraph separators, and the marks that change the direction of writing.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/** Replaces control and direction characters by `\xNN` or `\u{NNNN}`, so that the text cannot move a cursor. */
export function printable(text: string): string {
	return text.replace(UNPRINTABLE, (c) => {
		const code = c.codePointAt(0) ?? 0;
		return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
	});
}

/** Formats a number of bytes for people: `1.5 MB`. Uses decimal units, as memory cards do. */
export function formatBytes(bytes: number): string {
	const units = ['B', 'kB', 'MB', 'GB', 'TB'];
	let value = bytes;
	let unit = 0;
	while (value >= 1000 && unit < units.length - 1) {
		value /= 1000;
		unit++;
	}
	return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** Quotes an argument for pasting into a POSIX shell. */
export function quoteArg(arg: string): string {
	return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}

/**
 * Quotes an argument for PowerShell and, if it contains no quotation mark or `$`, for cmd. A bare `--` is quoted too,
 * because npm installs canon-wifi.ps1 beside canon-wifi.cmd, and PowerShell prefers that and does not pass a bare `--` on to
 * scripts (npm/cli#4903). PowerShell treats curly quotation marks like straight ones.
 */
function quoteWindowsArg(arg: string): string {
	if (/^[\w%+=:./\\-]+$/.test(arg) && arg !== '--') return arg;
	return /[$`"\u201c-\u201e]/.test(arg) ? `'${arg.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'` : `"${arg}"`;
}

/** Quotes an argument for the usual shell of a system. `platform` is Node's `process.platform`. */
export function quoteArgFor(platform: string, arg: string): string {
	return platform === 'win32' ? quoteWindowsArg(arg) : quoteArg(arg);
}

/** Formats a command line that can be pasted into the usual shell of a system. */
export function commandLine(file: string, args: readonly string[], platform: string): string {
	return [file, ...args].map((arg) => quoteArgFor(platform, arg)).join(' ');
}
