/** gphoto2 over PTP/IP, as data and pure functions. */
import { CanonWifiError } from '#contract/errors.ts';
import { PTPIP_PORT } from '#protocol/ptpip/packet.ts';
import type { Job } from '#session/client.ts';
import {
	type CommandLine,
	diedOf,
	type Exit,
	type Observation,
	type PreparedFile,
	type ProbeResult,
	type ProbeVerdict,
	type Tool,
	type ToolPaths,
} from '../tool.ts';
import { connectedPath, hookFile, hookPath, hookScript, INIT_FAILED, KEPT, withHookScript } from './hook.ts';
import { asksPerson, filesToRead, lastOf, opensCamera, readOptions, wantsModel } from './options.ts';
import { settingsEnv, settingsFiles } from './settings.ts';
import { emptyLog, LOST, type LogState, readWords, verdictOf, WITHOUT_NETWORK } from './words.ts';

/**
 * The shell connects at its first command only and goes on when that fails. This lists the root folder before it, which
 * connects, sends nothing more than a connection does and prints nothing: a camera's root holds folders alone.
 */
const CONNECT_FIRST = ['--no-recurse', '--get-all-metadata'];

/** Names the model for actions for which gphoto2 does not look for one (measured with 2.5.28). All that has PTP/IP is this model. */
const NAME_MODEL = ['--camera', 'PTP/IP Camera'];

/** What is remembered of a run so far, and what it was asked for. */
export interface State extends LogState {
	readonly job: Pick<Job, 'args' | 'purpose' | 'unlock'>;
	readonly program: string;
}

/** gphoto2 as a tool. */
export const gphoto2: Tool<State> = {
	id: 'gphoto2',
	name: 'gphoto2',
	minimum: '2.5.28',
	install: (platform) =>
		platform === 'darwin'
			? 'Install it with `brew install gphoto2`, or use --tool builtin.'
			: platform === 'win32'
				? 'Use --tool builtin. MSYS2 has a gphoto2 for Windows (mingw-w64-gphoto2); whether it can use PTP/IP has not been tried.'
				: 'Install it with your package manager (apt, dnf, pacman and zypper call it gphoto2), or use --tool builtin.',
	names: () => ['gphoto2'],
	variable: null,
	probes: [{ args: ['--version'], env: { LC_ALL: 'C' } }],
	judge,
	interactive: (args) => args.length === 0 || asksPerson(readOptions(args)),
	prepare,
	remark: (job, paths) => {
		const logs = logTo(job, { ...paths, report: 'PIPE' });
		const parts = [
			...(actions(job).includes(CONNECT_FIRST[1] ?? '') && !job.args.includes(CONNECT_FIRST[1] ?? '')
				? [`${CONNECT_FIRST.join(' ')} has the shell connect before its first command`]
				: []),
			...(logs.length === 0 ? [] : [`a run also has ${logs.join(' ')}, so that canon-wifi can follow it`]),
			'each run has a settings folder of its own',
		];
		return `${parts.join('; ')}.`.replace(/^[ae]/, (first) => first.toUpperCase());
	},
	silentConnect: (job, paths) => heardBy(job, paths) === 'sockets',
	command,
	// Idle it exits at once with 0 and closes the session; in a transfer it ends with 1 after the piece that is under way.
	quit: ['SIGTERM'],
	startGate: (paths) => `${paths.folder}/gate`,
	starts: (args) => [hookScript(args)].filter((script) => script !== undefined),
	reads: (args) => filesToRead(readOptions(args)),
	onConnected: (job, paths) => {
		if (ownHook(job, paths) === undefined) return undefined;
		return { sign: connectedPath(paths.folder), command: { file: hookPath(paths.folder), args: [KEPT], env: {} }, fatal: INIT_FAILED };
	},
	start: (job, paths) => ({
		...emptyLog,
		interactive: gphoto2.interactive(job.args),
		heard: heardBy(job, paths),
		opens: job.purpose === 'learn' || job.args.length === 0 || opensCamera(readOptions(job.args)),
		brief: /^error$/i.test(lastOf(readOptions(job.args), 'debug-loglevel')?.value ?? ''),
		job,
		program: paths.program,
	}),
	read: (state, line) => {
		const [seen, ...tells] = readWords(state, line);
		return [{ ...state, ...seen }, ...tells.flatMap((tell) => withUnlock(tell, seen, state.job))];
	},
	end,
};

/** Options that would lead gphoto2 somewhere else than to the camera that was found. */
const ELSEWHERE = ['port', 'usbid', 'speed'];

/** What in ARGS contradicts what canon-wifi tells gphoto2, or nothing. */
function problemWith(args: readonly string[]): string | undefined {
	const reading = readOptions(args);
	const elsewhere = lastOf(reading, ...ELSEWHERE)?.name;
	if (elsewhere !== undefined) return `canon-wifi tells gphoto2 which camera to use, so --${elsewhere} cannot be given.`;
	const model = lastOf(reading, 'camera')?.value;
	if (model !== undefined && /^(?:ptpip:|\d+(?:\.\d+){3})/.test(model))
		return `gphoto2's own --camera names a model, not the address ${model}.`;
	return undefined;
}

function command(job: Job, paths: ToolPaths): CommandLine {
	const problem = problemWith(job.args);
	if (problem !== undefined)
		throw new CanonWifiError('usage', {
			problem,
			next: 'Leave it out; --camera ADDRESS (before the --) chooses a camera by its address.',
		});
	const given = actions(job);
	const mine = ownHook(job, paths) === undefined ? given : withHookScript(given, hookPath(paths.folder));
	const args = ['--port', portOf(job), ...logTo(job, paths), ...mine];
	// Under --debug it passes its output on as it comes by itself.
	const slow = costly(job, paths) && paths.stdbuf !== undefined ? paths.stdbuf : undefined;
	return {
		file: slow ?? paths.program,
		args: slow === undefined ? args : ['-oL', paths.program, ...args],
		env: environment(paths),
	};
}

function environment(paths: ToolPaths): Readonly<Record<string, string>> {
	// We read its words, so it must speak English.
	return { LC_ALL: 'C', ...settingsEnv(paths.folder), ...(gated(paths) ? { INPUTRC: inputrcOf(paths) } : {}) };
}

/** What `stdbuf` adds to the environment of the program that it starts (coreutils). */
const STDBUF = ['LD_PRELOAD', '_STDBUF_O'];

/** The user's hook script, where ours takes its place: not on Windows, and not in a line that is only shown. */
function ownHook(job: Job, paths: ToolPaths): string | undefined {
	return gated(paths) && job.purpose === 'session' ? hookScript(job.args) : undefined;
}

/** The port is not named when it is the one of every camera. The second number is the event connection's. */
function portOf({ address, port }: Job): string {
	return port === PTPIP_PORT ? `ptpip:${address}` : `ptpip:${address}:${port}:${port}`;
}

function actions({ args, purpose }: Job): readonly string[] {
	if (purpose === 'learn') return ['--summary'];
	if (args.length === 0) return [...CONNECT_FIRST, '--shell'];
	const reading = readOptions(args);
	const shell = lastOf(reading, 'shell');
	if (shell !== undefined && asksPerson(reading) && !opensCamera(reading, shell.word)) return [...CONNECT_FIRST, ...args];
	return wantsModel(reading) ? [...NAME_MODEL, ...args] : args;
}

/**
 * Only the library's log says when it is connected, what the camera is and whether it has CHDK. It
 * grows by a few lines an operation, no payload. A log that the user asked for is left to the user.
 */
function logTo(job: Job, paths: ToolPaths): readonly string[] {
	const users = job.purpose === 'session' && lastOf(readOptions(job.args), 'debug', 'debug-loglevel', 'debug-logfile') !== undefined;
	return paths.report === null || users || costly(job, paths)
		? []
		: ['--debug', '--debug-loglevel=debug', `--debug-logfile=${paths.report}`];
}

/** Only Linux shows a program's connections. */
function heardBy(job: Job, paths: ToolPaths): State['heard'] {
	if (paths.report === null || logTo(job, paths).length > 0) return 'log';
	return paths.platform === 'linux' ? 'sockets' : 'output';
}

/** First release that lays out a hex dump of what it received only for a log that wants it (gphoto2-port-log.c). */
const FRUGAL = '2.5.31';

/**
 * With an older library any log, of whatever level, costs a hex dump of every byte: 300 MB came at half the speed and
 * with five times the work. So it does without in a transfer. Its connections are looked at instead; that is possible
 * on Linux alone, where such libraries are still common (Debian 12).
 */
function costly({ args, purpose }: Job, { library, platform }: ToolPaths): boolean {
	return (
		platform === 'linux' &&
		purpose === 'session' &&
		library !== undefined &&
		olderThan(library, FRUGAL) &&
		!gphoto2.interactive(args) &&
		// The content of files is what a log may cost much for.
		readOptions(args).options.some(({ moves }) => moves)
	);
}

const gated = ({ platform, report }: ToolPaths): boolean => platform !== 'win32' && report !== null;
const inputrcOf = ({ folder }: ToolPaths): string => `${folder}/inputrc`;

/**
 * The shell's line editor reads its start file before it shows a prompt or touches the terminal. Ours begins with a
 * pipe that stays shut until the camera has taken the connection; the user's own file follows.
 */
function prepare(job: Job, paths: ToolPaths): readonly PreparedFile[] {
	const files = settingsFiles(paths.folder, job.identity.uuid);
	if (!gated(paths)) return files;
	const { report } = paths;
	const own = paths.env.INPUTRC ?? (paths.env.HOME === undefined ? undefined : `${paths.env.HOME}/.inputrc`);
	const hook = ownHook(job, paths);
	const includes = [`${paths.folder}/gate`, '/etc/inputrc', ...(own === undefined ? [] : [own])];
	return [
		...files,
		// Not a file: when we are killed there is nobody at its other end, and the tool dies of its next line instead of
		// keeping the camera and filling the disk.
		...(report === null ? [] : [{ path: report, fifo: true } as const]),
		{ path: `${paths.folder}/gate`, fifo: true },
		...(hook === undefined ? [] : [hookFile(hook, [...Object.keys(environment(paths)), ...STDBUF], paths)]),
		{ path: inputrcOf(paths), content: includes.map((path) => `$include ${path}\n`).join('') },
	];
}

/** gphoto2 has no call for it: its CHDK mode lists, gets and deletes (libgphoto2 chdk.c). */
function withUnlock(tell: Observation, { learnt }: LogState, { unlock }: State['job']): Observation[] {
	if (tell.saw !== 'connected') return [tell];
	const why = unlock === 'never' ? 'off' : learnt.chdk === false ? 'noChdk' : 'toolCannot';
	return learnt.chdk === undefined && unlock === 'auto' ? [tell] : [tell, { saw: 'unlock', done: false, why }];
}

function end(state: State, { code, signal, stopped }: Exit): readonly Observation[] {
	if (state.phase === 'failed') return [];
	if (state.phase === 'connected' || state.phase === 'closing') return stopped === false ? lostAtEnd(state, code, signal) : [];
	if (stopped === 'silent') return [{ saw: 'refusal', outcome: 'noAnswer', said: 'the camera did not answer' }];
	if (stopped === 'asked') return [];
	const unseen = lostUnseen(state, signal);
	if (unseen !== undefined) return [{ saw: 'connected' }, { saw: 'lost', why: unseen }];
	if (signal === 'SIGPIPE') return [{ saw: 'refusal', outcome: 'refused', said: 'the camera closed the connection' }];
	if (state.logged && code === 0) return [];
	// That it could not open the camera it would have said, whatever its exit code is: then the session was only too short to be seen.
	const ran = code === 0 || state.error !== null;
	if (!state.logged && state.heard !== 'log' && signal === null && ran && asksForCamera(state)) return [{ saw: 'connected' }];
	if (code === 0) return asksForCamera(state) ? [{ saw: 'connected' }] : [];
	const verdict = verdictOf(state, state.program);
	if (verdict !== undefined) return [verdict];
	// It ended for a reason of its own, and the exit code of a tool that was given ARGS is passed on.
	if (state.job.args.length > 0 && state.job.purpose === 'session' && signal === null) return [];
	const said = state.said === '' ? `it ended with ${signal ?? `exit code ${code}`}` : state.said;
	return [{ saw: 'error', error: new CanonWifiError('toolFailed', { tool: 'gphoto2', said }) }];
}

/** Whether it opens the camera, unless it knows neither the port nor the model. */
const asksForCamera = ({ opens, error }: State): boolean => opens && error !== UNKNOWN_PORT && error !== UNKNOWN_MODEL;

/** The library has no driver for the port, or for the camera (gphoto2-port-result.h, gphoto2-result.h). */
const UNKNOWN_PORT = -5;
const UNKNOWN_MODEL = -105;

function lostAtEnd(state: State, code: number | null, signal: string | null): readonly Observation[] {
	// It does not block SIGPIPE: writing to a camera that has gone kills it.
	if (signal === 'SIGPIPE') return [{ saw: 'lost', why: LOST[state.trouble === 'reset' ? 'reset' : 'ended'] }];
	if (diedOf(signal)) return [{ saw: 'lost', why: `gphoto2 was ended by ${signal}` }];
	if (state.interrupted) return [];
	if (state.trouble !== 'none' && (code !== 0 || state.interactive)) return [{ saw: 'lost', why: LOST[state.trouble] }];
	if (!state.logged && code !== 0 && state.error === -7) return [{ saw: 'lost', why: LOST.reset }];
	if (!state.logged && code !== 0 && state.error === -10) return [{ saw: 'lost', why: LOST.silent }];
	return [];
}

/**
 * Without the log, a session that broke before anything else showed it. What goes wrong while the camera is opened is
 * reported as the library's error, what goes wrong afterwards as PTP's alone (library.c, ptp.c).
 */
function lostUnseen(state: State, signal: string | null): string | undefined {
	if (state.logged || state.dialError !== null || !/^PTP (?:I\/O|General) Error|^PTP Timeout/.test(state.said)) return undefined;
	if (signal === 'SIGPIPE' || state.error === -7) return LOST.reset;
	return state.error === -10 ? LOST.silent : state.error === -1 ? LOST.ended : undefined;
}

/** `gphoto2 2.5.28 gcc, popt…`, then libgphoto2_port's line with the port drivers that were found. */
function judge([answer]: readonly ProbeResult[], path: string): ProbeVerdict {
	const text = answer?.stdout ?? '';
	const version = /^gphoto2\s+(\d+\.\d+[\w.+~-]*)/m.exec(text)?.[1] ?? null;
	if (version === null) {
		const why =
			answer?.problem ??
			(/error while loading|Library not loaded/.test(answer?.stderr ?? '') ? firstLine(answer?.stderr) : 'it is not gphoto2');
		return {
			state: 'broken',
			version,
			note: `${path} does not answer like gphoto2: ${why}.`,
			next: 'Reinstall gphoto2, or give the right file with --tool-path.',
		};
	}
	const drivers = /^libgphoto2_port\s.*iolibs:([^,\n]*)/m.exec(text)?.[1];
	const library = /^libgphoto2\s+(\d+\.\d+[\w.+~-]*)/m.exec(text)?.[1];
	if (drivers !== undefined && !drivers.split(/\s+/).includes('ptpip'))
		return { state: 'withoutNetwork', version, note: 'Its library was built without the port driver ptpip.', next: WITHOUT_NETWORK };
	const note = olderThan(version, gphoto2.minimum)
		? `It is older than ${gphoto2.minimum}, the oldest that was tried; it may wait long for a silent camera.`
		: '';
	return { state: 'usable', version, note, next: '', ...(library === undefined ? {} : { library }) };
}

const firstLine = (text = ''): string => text.trim().split('\n')[0] ?? '';

function olderThan(version: string, minimum: string): boolean {
	const [a, b] = [version, minimum].map((text) => text.split(/\D+/).map(Number));
	for (const [i, least] of (b ?? []).entries()) if ((a?.[i] ?? 0) !== least) return (a?.[i] ?? 0) < least;
	return false;
}
