/** chdkptp over PTP/IP, as data and pure functions. What it does on the camera is in templates/chdk/connect.lua. */

import { commandLine } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Job } from '#session/client.ts';
import type { CommandLine, Tool, ToolPaths } from '../tool.ts';
import { judge, probes } from './probe.ts';
import { emptyReport, end, type ReportState, read } from './report.ts';

/** chdkptp as a tool. */
export const chdkptp: Tool<ReportState> = {
	id: 'chdkptp',
	name: 'chdkptp',
	minimum: '0.7',
	install: (platform) =>
		platform === 'win32'
			? 'Build it from https://app.assembla.com/spaces/chdkptp/wiki with PTPIP_SUPPORT=1 and name its chdkptp.exe with --tool-path, or use --tool builtin.'
			: 'Build it from https://app.assembla.com/spaces/chdkptp/wiki with PTPIP_SUPPORT=1 and name its chdkptp.sh with --tool-path, or use --tool builtin.',
	// The wrapper first: it may know more than where the Lua files are. On Windows it needs a shell.
	names: (platform) => (platform === 'win32' ? ['chdkptp', 'chdkptp.sh'] : ['chdkptp.sh', 'chdkptp']),
	beside: 'lua/chdku.lua',
	home: luaPath,
	// Lua's own marks in a search path; they cannot be escaped.
	canName: (folder) => !/[;?!]/.test(folder),
	variable: 'CHDKPTP',
	probes,
	judge,
	interactive,
	stderrToTty: true,
	noTimeout: true,
	// The transport's own words (chdkptp.c), which cannot be turned off.
	banner: ['initializing command channel', 'initializing event channel', 'opening session'],
	remark: (_job, { platform }) =>
		`A run also has CANON_WIFI_REPORT${platform === 'win32' ? '' : ' and CANON_WIFI_GATE'}, so that canon-wifi can follow it.`,
	prepare: (_job, paths) => (gated(paths) ? [{ path: gateOf(paths), fifo: true }] : []),
	command,
	// It has no handler: it dies at once. The camera sees its sockets close, as after a normal end.
	quit: ['SIGTERM'],
	startGate: gateOf,
	start: (_job, paths) => emptyReport(paths.program),
	read,
	end,
};

function interactive(args: readonly string[]): boolean {
	return args.length === 0 || args.some((arg) => /^-i=?$/.test(arg));
}

/**
 * What its wrapper script would set: where its Lua files are. Lua 5.2 looks at LUA_PATH_5_2 first. Nothing for a folder that
 * cannot be named and could not be linked to.
 */
function luaPath(folder: string, env: ToolPaths['env']): Readonly<Record<string, string>> {
	if (chdkptp.canName?.(folder) === false) return {};
	const path = `${folder}/lua/?.lua;;`;
	return { LUA_PATH: path, ...(env.LUA_PATH_5_2 === undefined ? {} : { LUA_PATH_5_2: path }) };
}

/** chdkptp's options are one letter with the value attached (its main.lua); to anything else it prints its help and goes on. */
function problemWith(args: readonly string[]): string | undefined {
	// Ours connects already, and a second connection would take the camera from the first.
	if (args.some((arg) => arg.startsWith('-c'))) return 'canon-wifi connects chdkptp to the camera itself, so -c cannot be given.';
	// The same as a command, by the word that its cli.lua takes for the command's name.
	const connects = args.find((arg) => /^-e=?\s*(?:connect|c)(?!\w)/.test(arg));
	if (connects !== undefined) return `canon-wifi connects chdkptp to the camera itself, so ${connects} cannot be given.`;
	if (args.some((arg) => arg.startsWith('-h'))) return 'chdkptp would print its help and go on to the camera, so -h cannot be given.';
	const unknown = args.find((arg) => !/^-[gier]/.test(arg));
	if (unknown !== undefined) return `chdkptp has no argument "${unknown}": its commands are given as -e'COMMAND', each in one piece.`;
	// The window would start without running what connects it.
	if (args.some((arg) => /^-g=?$/.test(arg))) return 'chdkptp cannot be connected for its window (-g), only for its command line.';
	return undefined;
}

function command(job: Job, paths: ToolPaths): CommandLine {
	const problem = problemWith(job.args);
	if (problem !== undefined)
		throw new CanonWifiError('usage', {
			problem,
			next: `For example: ${commandLine('canon-wifi', ['connect', '--', '-els', '-i'], paths.platform)}`,
		});
	const slash = paths.platform === 'win32' ? '\\' : '/';
	const connect = `-eexec <${quoted([paths.templates, 'chdk', 'connect.lua'].join(slash))}`;
	return {
		file: paths.program,
		// The user's own startup files belong to a session; to learn of a camera they are left out.
		args: [...markOf(paths), ...(job.purpose === 'learn' ? ['-r', connect] : [connect, ...(job.args.length === 0 ? ['-i'] : job.args)])],
		env: {
			...(paths.home === undefined ? {} : luaPath(paths.home, paths.env)),
			CANON_WIFI_HOST: job.address,
			CANON_WIFI_PORT: String(job.port),
			CANON_WIFI_OS: job.os,
			CANON_WIFI_KEEPALIVE: job.keepalive,
			CANON_WIFI_UNLOCK: job.unlock,
			CANON_WIFI_PURPOSE: job.purpose,
			...(job.talk === 'terminal' ? { CANON_WIFI_TTY: '1' } : {}),
			...(paths.report === null ? {} : { CANON_WIFI_REPORT: paths.report }),
			...(gated(paths) ? { CANON_WIFI_GATE: gateOf(paths) } : {}),
			// Linux shows what a process waits for.
			...(paths.report !== null && paths.platform !== 'linux' ? { CANON_WIFI_WATCH: '1' } : {}),
		},
	};
}

/**
 * A comment for chdkptp, which changes nothing, not even its exit code (its cli.lua). By it a chdkptp that outlived a killed
 * run is found where only command lines of other processes can be read. Linux shows their environment, which has the
 * folder too, and Windows ends them with us.
 */
const markOf = ({ platform, report, folder }: ToolPaths): readonly string[] =>
	report === null || platform === 'linux' || platform === 'win32' ? [] : [`-e#${folder}`];

/** As chdkptp's command parser reads a word: in double quotes a backslash takes the next character as it is. */
const quoted = (word: string): string => `"${word.replace(/[\\"]/g, '\\$&')}"`;

const gated = ({ platform, report }: ToolPaths): boolean => platform !== 'win32' && report !== null;

function gateOf({ folder }: ToolPaths): string {
	return `${folder}/gate`;
}
