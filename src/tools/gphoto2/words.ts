/** What gphoto2 says, line by line: its debug log (libgphoto2's own words, never translated) and, under LC_ALL=C, its errors. */
import { CanonWifiError } from '#contract/errors.ts';
import type { CameraInfo, Refusal } from '#contract/events.ts';
import type { Observation, OutputLine } from '../tool.ts';

/** What is remembered of the lines so far. */
export interface LogState {
	readonly interactive: boolean;
	/**
	 * What shows whether it is connected: the library's log, its connections as the system sees them, or, where there is
	 * neither, what it prints.
	 */
	readonly heard: 'log' | 'sockets' | 'output';
	/** Something that it was asked for opens the camera: `--version` and the like do not. */
	readonly opens: boolean;
	/** The log has errors only (`--debug-loglevel=error`), so it does not tell of a session. */
	readonly brief: boolean;
	/** The log is written: the library speaks, so only it decides about `connected`. */
	readonly logged: boolean;
	readonly phase: 'starting' | 'dialling' | 'asking' | 'open' | 'connected' | 'failing' | 'failed' | 'closing';
	/** Which list of the device info the log is in. */
	readonly list: 'none' | 'device' | 'operations' | 'read';
	readonly learnt: Partial<CameraInfo>;
	/** GetObjectHandles is on its way, was answered, or neither. */
	readonly handles: 'no' | 'asked' | 'done';
	/** What went wrong with the connection last and has not mended since. */
	readonly trouble: 'none' | 'ended' | 'reset' | 'silent';
	/** A signal was passed on to it, and no operation was answered since: what breaks now was broken off by that. */
	readonly signalled: boolean;
	/** A system call was broken off by a signal (Ctrl-C, SIGUSR1), and no operation was answered since. */
	readonly interrupted: boolean;
	/** It has waited in vain for an answer of the camera (2.5 s). */
	readonly timedOut: boolean;
	/** Operations in a row that came to nothing. */
	readonly failures: number;
	/** N of the last `*** Error (N: …) ***`. */
	readonly error: number | null;
	/** Why the TCP connection failed, from the socket layer. */
	readonly dialError: string | null;
	/** The library could not open the camera. */
	readonly unopened: boolean;
	/** It has ended with advice on how to report an error. */
	readonly advised: boolean;
	/** The last sentence that it said of an error, for people. */
	readonly said: string;
}

/** The state before the first line. */
export const emptyLog: Omit<LogState, 'interactive' | 'heard' | 'opens' | 'brief'> = {
	logged: false,
	phase: 'starting',
	list: 'none',
	learnt: {},
	handles: 'no',
	trouble: 'none',
	signalled: false,
	interrupted: false,
	timedOut: false,
	failures: 0,
	error: null,
	dialError: null,
	unopened: false,
	advised: false,
	said: '',
};

type Step = readonly [LogState, ...Observation[]];

/** Takes one line into the state, and says what it shows. */
export function readWords(seen: LogState, line: OutputLine): Step {
	if (line.from === 'sockets')
		return line.text === 'signalled' ? [{ ...seen, signalled: true }] : readSockets(seen, line.text === 'session');
	const log = line.from === 'stdout' ? null : /^\d+\.\d{6} .*?\(\d\): (.*)$/.exec(line.text);
	// Errors of the library come again as errors of gphoto2, where they decide anything.
	if (log !== null && seen.brief && line.from !== 'report') return [seen];
	if (log !== null) return readLog({ ...seen, logged: true }, log[1] ?? '');
	return line.from === 'stderr' ? readError(seen, line.text) : readOutput(seen, line);
}

/**
 * There is a session. `sure`: by what the camera has sent; else only by the time that the connections have stood, which counts
 * if the library did not wait for an answer in vain.
 */
function readSockets(seen: LogState, sure: boolean): Step {
	if (seen.logged || !before(seen) || seen.error !== null || seen.dialError !== null) return [seen];
	if (!sure && (seen.timedOut || seen.trouble !== 'none')) return [seen];
	return [{ ...seen, phase: 'connected' }, { saw: 'connected' }];
}

/** One line of the debug log, from libgphoto2 ptpip.c and library.c (2.5.30). */
function readLog(seen: LogState, text: string): Step {
	if (text.startsWith('connecting to ptpip:') && before(seen)) return [{ ...seen, phase: 'dialling' }];
	if (seen.phase === 'dialling' && /^return \d+ \/ len \d+$/.test(text)) return [{ ...seen, phase: 'asking' }];
	if (text === 'ptpip connected!' && before(seen)) return [{ ...seen, phase: 'open', trouble: 'none', failures: 0 }];
	if (/^bad type returned 5\b/.test(text) && before(seen)) return failed(seen, 'rejected', 'the camera answered with Init Fail');
	if (text.startsWith('An error occurred in the io-library') && before(seen)) return failedToOpen(seen, text);
	if (text.startsWith('Exiting camera')) return [seen.phase === 'connected' ? { ...seen, phase: 'closing' } : seen];
	if (text === 'Device info:') return [{ ...seen, list: seen.list === 'read' ? 'read' : 'device' }];
	if (seen.list === 'device' || seen.list === 'operations') return readDevice(seen, text);
	if (text.startsWith('Sending PTP_OC ')) return asks(seen, text);
	if (text.startsWith('PTPIP_CMD_RESPONSE')) return answered(seen, text);
	if (text.startsWith('End of stream')) return broke(seen, 'ended');
	if (text.includes('(0x02ff)')) return broke(seen, 'reset');
	if (text.includes('(0x02fa)')) return broke(seen, 'silent');
	return [seen];
}

const before = (seen: LogState): boolean => seen.phase !== 'connected' && seen.phase !== 'closing' && seen.phase !== 'failed';

function failed(seen: LogState, outcome: Refusal, said: string): Step {
	return [
		{ ...seen, phase: 'failed', said },
		{ saw: 'refusal', outcome, said },
	];
}

/** The library gave up opening the camera. Each of its steps takes at most 2.5 s. */
function failedToOpen(seen: LogState, text: string): Step {
	const silent = text.includes('Timeout') || seen.trouble === 'silent';
	if (silent) return failed(seen, 'noAnswer', 'the camera took the connection and did not answer within 2.5 s');
	// The socket layer says why on stderr, which may reach us later than the log.
	if (seen.phase === 'dialling') return seen.dialError === null ? [{ ...seen, phase: 'failing' }] : failedToDial(seen, seen.dialError);
	if (text.includes("'Unspecified error'") && seen.trouble === 'none') return failed(seen, 'rejected', 'the camera took no session');
	return failed(seen, 'refused', 'the camera closed the connection');
}

/** The same without the log: the socket layer has said before, on the same stream, why the connection failed. */
function failedUnlogged(seen: LogState, text: string): Step {
	if (seen.dialError !== null) return failedToDial(seen, seen.dialError);
	if (text.includes('Timeout')) return failed(seen, 'noAnswer', 'the camera took the connection and did not answer within 2.5 s');
	return failed(seen, 'rejected', 'the camera took no session');
}

const failedToDial = (seen: LogState, why: string): Step => failed({ ...seen, dialError: why }, dialVerdict(why), why);

/** Only a port that is shut says no; all else is silence, or no way there. */
const dialVerdict = (why: string): Refusal => (/refused|reset/i.test(why) ? 'refused' : 'noAnswer');

const DEVICE: readonly [RegExp, keyof CameraInfo][] = [
	[/^ {2}Model: (.+)$/, 'model'],
	[/^ {2}device version: (.+)$/, 'firmware'],
	[/^ {2}serial number: '(.+)'$/, 'serial'],
];

/** Inside the device info: its texts, then its operations. CHDK shows as operation 0x9999; which version it speaks does not. */
function readDevice(seen: LogState, text: string): Step {
	for (const [pattern, key] of DEVICE) {
		const value = pattern.exec(text)?.[1];
		if (value !== undefined) return [{ ...seen, learnt: { ...seen.learnt, [key]: value.trim() } }];
	}
	if (text === 'Supported operations:') return [{ ...seen, list: 'operations', learnt: { ...seen.learnt, chdk: false } }];
	if (seen.list === 'operations' && /^ {2}0x9999\b/i.test(text)) return [{ ...seen, learnt: { ...seen.learnt, chdk: 'present' } }];
	if (text !== 'Events Supported:') return [seen];
	return [
		{ ...seen, list: 'read' },
		{ saw: 'learnt', learnt: seen.learnt },
	];
}

/** The first operation after the device info: the session stands. */
function asks(seen: LogState, text: string): Step {
	const handles = / 0x1007\b/.test(text) && seen.handles === 'no' ? 'asked' : seen.handles;
	if (/ 0x1003\b/.test(text) && seen.phase === 'connected') return [{ ...seen, phase: 'closing' }];
	if (seen.phase === 'open' && seen.list === 'read') return [{ ...seen, handles, phase: 'connected' }, { saw: 'connected' }];
	return [{ ...seen, handles }];
}

function answered(seen: LogState, text: string): Step {
	const alive: LogState = {
		...seen,
		signalled: false,
		interrupted: false,
		failures: 0,
		trouble: seen.trouble === 'ended' ? 'ended' : 'none',
	};
	if (seen.handles !== 'asked') return [alive];
	if (!text.includes('result=0x2001')) return [{ ...alive, handles: 'no' }];
	return [
		{ ...alive, handles: 'done' },
		{ saw: 'keepalive', operation: 'GetObjectHandles' },
	];
}

/**
 * One operation that comes to nothing may only be a slow card, or Ctrl-C (both show as an I/O error in the log); two in
 * a row, or a closed connection, is the end.
 */
function broke(seen: LogState, how: 'ended' | 'reset' | 'silent', sure = how === 'ended'): Step {
	if (seen.phase === 'closing' || seen.phase === 'failed' || (seen.signalled && how !== 'ended')) return [seen];
	const failures = seen.failures + 1;
	const now: LogState = { ...seen, failures, trouble: seen.trouble === 'ended' ? 'ended' : how };
	return seen.phase === 'connected' && (sure || failures > 1) ? [now, { saw: 'lost', why: LOST[how] }] : [now];
}

/** Why a session was lost, for people. */
export const LOST = {
	ended: 'the camera ended it',
	reset: 'the camera broke it off',
	silent: 'the camera does not answer any more',
} as const;

function readError(seen: LogState, text: string): Step {
	const error = /\*\*\* Error \((-\d+): '(.*)'\) \*\*\*/.exec(text);
	if (error !== null) return [{ ...seen, error: Number(error[1]), said: seen.said === '' ? (error[2] ?? '') : seen.said }];
	if (/: (?:Connection reset by peer|Broken pipe)$/.test(text)) return broke({ ...seen, said: text }, 'reset', true);
	// Printed whenever the camera could not be opened, and never after that (camera.c).
	if (text.startsWith('An error occurred in the io-library')) {
		if (seen.heard !== 'log' && before(seen)) return failedUnlogged(seen, text);
		return [{ ...seen, unopened: true, said: text.trim() }];
	}
	const dial = /^connect (?:cmd|evt): (.*)$/.exec(text)?.[1];
	if (dial !== undefined) return seen.phase === 'failing' ? failedToDial(seen, dial) : [{ ...seen, dialError: dial, said: dial }];
	if (text.trim() === '' || text.startsWith('***')) return [seen];
	const timedOut = seen.timedOut || /^read PTPIP\w+: Connection timed out/.test(text);
	return [{ ...seen, said: text.trim(), timedOut, interrupted: seen.interrupted || text.includes('Interrupted system call') }];
}

/**
 * What it prints without having connected: its progress in loading drivers, what it is about to do, and advice after an
 * error (gphoto2 2.5.28, actions.c and main.c). There may be more: where anything better is to be had, no line counts.
 */
const NO_EVIDENCE =
	/^(?:Loading camera drivers|\*\*\* Error|For debugging messages|Waiting for |Time-lapse mode|Standing by|Capturing |Movie capture)/;
const PROMPT = /^gphoto2: \{.*> $/;

/** Without the log the first output is the evidence, unless the connections are: gphoto2 prints most things after it has connected. */
function readOutput(seen: LogState, { text, partial }: OutputLine): Step {
	if (partial)
		return evidence(seen) && (PROMPT.test(text) || text.length > 512) ? [{ ...seen, phase: 'connected' }, { saw: 'connected' }] : [seen];
	const [, label = '', value = ''] = /^(Model| {2}Version| {2}Serial Number): (.+)$/.exec(text) ?? [];
	const key = ({ Model: 'model', '  Version': 'firmware' } as const)[label] ?? 'serial';
	const learnt = label === '' ? seen.learnt : { ...seen.learnt, [key]: value.trim() };
	const tell: Observation[] = label === '' ? [] : [{ saw: 'learnt', learnt }];
	if (text.startsWith('For debugging messages')) return [{ ...seen, advised: true }];
	if (!evidence(seen) || text === '' || NO_EVIDENCE.test(text)) return [{ ...seen, learnt }, ...tell];
	return [{ ...seen, learnt, phase: 'connected' }, ...tell, { saw: 'connected' }];
}

/** Whether output may count as evidence. The shell starts all the same when the connection failed. */
const evidence = (seen: LogState): boolean =>
	seen.opens &&
	seen.heard !== 'sockets' &&
	!seen.logged &&
	before(seen) &&
	!seen.advised &&
	!(seen.interactive && (seen.error !== null || seen.said !== ''));

/** For a tool that ended before it was connected and whose log did not say why: the errors of gphoto2-result.c. */
export function verdictOf(seen: LogState, program: string): Observation | undefined {
	const said = seen.said;
	if (seen.error === -5)
		return {
			saw: 'error',
			error: new CanonWifiError('toolWithoutNetwork', { tool: 'gphoto2', path: program, next: WITHOUT_NETWORK }),
		};
	if (seen.dialError !== null) return { saw: 'refusal', outcome: dialVerdict(seen.dialError), said };
	if (seen.phase === 'failing') return { saw: 'refusal', outcome: 'refused', said };
	if (seen.error === -10) return { saw: 'refusal', outcome: 'noAnswer', said };
	// Also what gphoto2 says of a file of this computer that it cannot read.
	if (seen.error === -1 && (seen.unopened || seen.logged)) return { saw: 'refusal', outcome: 'rejected', said };
	if (seen.error === -7 || seen.error === -105) return { saw: 'refusal', outcome: /timed out/.test(said) ? 'noAnswer' : 'refused', said };
	return undefined;
}

/** What to do about a library without the port driver. */
export const WITHOUT_NETWORK =
	'Install one built with the port driver ptpip (the packages of Debian, Fedora and Homebrew have it), or use --tool builtin.';
