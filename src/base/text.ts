/** Text from outside (cameras, tools, the network), made safe for a terminal and a log. */

// C0, DEL, C1, line and paragraph separators, and the marks that turn the direction of writing round.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/** The same text with every control and direction character shown as `\xNN` or `\u{NNNN}`: it cannot move a cursor. */
export function printable(text: string): string {
	return text.replace(UNPRINTABLE, (c) => {
		const code = c.codePointAt(0) ?? 0;
		return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
	});
}

/** Bytes for people: `1.5 MB`. Decimal units, as on cards. */
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

/** An argument as a person could paste it into a POSIX shell. */
export function quoteArg(arg: string): string {
	return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}

/**
 * The same for PowerShell and, as long as no quotation mark or `$` is in it, for cmd. A bare `--` is quoted too: npm installs
 * canon-wifi.ps1 beside canon-wifi.cmd, PowerShell prefers it, and keeps a bare `--` from scripts (npm/cli#4903). To PowerShell
 * curly quotation marks are straight ones.
 */
function quoteWindowsArg(arg: string): string {
	if (/^[\w%+=:./\\-]+$/.test(arg) && arg !== '--') return arg;
	return /[$`"\u201c-\u201e]/.test(arg) ? `'${arg.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'` : `"${arg}"`;
}

/** An argument to paste into the shell of a system. `platform`: Node's `process.platform`. */
export function quoteArgFor(platform: string, arg: string): string {
	return platform === 'win32' ? quoteWindowsArg(arg) : quoteArg(arg);
}

/** A command line to show and to paste into the shell of a system. */
export function commandLine(file: string, args: readonly string[], platform: string): string {
	return [file, ...args].map((arg) => quoteArgFor(platform, arg)).join(' ');
}
