/**
 * What a run of chdkptp shows: the report of templates/chdk/connect.lua, chdkptp's own words on stdout and stderr where
 * they can be read, and how the process ended.
 */

import { CanonWifiError } from '#contract/errors.ts';
import type { CameraInfo, Refusal } from '#contract/events.ts';
import { OS_NAMES } from '#contract/names.ts';
import { type Warning, warning } from '#contract/warnings.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';
import { diedOf, type Exit, type Observation, type OutputLine } from '../tool.ts';
import { WITHOUT_NETWORK } from './probe.ts';

/** What is remembered of a run so far. */
export interface ReportState {
	readonly program: string;
	/** `steps`: connected, and busy with keep-alive and unlock. */
	readonly phase: 'starting' | 'steps' | 'connected' | 'lost';
	/**
	 * What was seen since it connected. It is passed on when the steps are done, so before chdkptp shows its prompt or runs the
	 * user's commands, which `connected` allows.
	 */
	readonly held: readonly Observation[];
	/** What the transport said on stdout. Only that distinguishes a refusal from a rejection. */
	readonly transport: { readonly outcome: Refusal; readonly said: string } | null;
	/** How long the attempt took, ms. */
	readonly took: number;
	/** The Lua side's word for the failure. */
	readonly failure: string | null;
	readonly error: Error | null;
	/** The last line that was not empty, for people. */
	readonly last: string;
}

type Step = readonly [ReportState, ...Observation[]];

/** The state before the first line. */
export const emptyReport = (program: string): ReportState => ({
	program,
	phase: 'starting',
	held: [],
	transport: null,
	took: 0,
	failure: null,
	error: null,
	last: '',
});

/** The transport's own words, chdkptp.c. An Init Fail is shorter than the Ack that it reads into. */
const TRANSPORT: readonly [RegExp, Refusal, string][] = [
	[/^response too small\b|^failed to read header/, 'rejected', 'the camera answered with Init Fail'],
	[/^not ack, aborting/, 'rejected', 'the camera answered with something else than an Ack'],
	[/^send failed: 9\b/, 'refused', 'Connection refused'],
	[/^[Cc]onnection closed$/, 'refused', 'the camera closed the connection'],
	[/^(?:send|recv|connect) failed\b/, 'refused', 'the camera broke the connection off'],
	[/^opensession failed|^Could not get device info/, 'rejected', 'the camera took no session'],
];

/** An unreachable address is given up by the system after about 3 s; who says no does so sooner. */
const UNREACHABLE_MS = 2500;

/** Takes one line into the state, and says what it shows. */
export function read(seen: ReportState, line: OutputLine): Step {
	if (line.from === 'report') return readReport(seen, line.text);
	if (line.from === 'sockets') return seen.phase === 'connected' && line.text === 'silent' ? lost(seen, SILENT) : [seen];
	const last = line.text.trim() === '' ? seen.last : line.text.trim();
	if (seen.phase === 'connected' && line.from === 'stderr' && /^ERROR: .*I\/O error/.test(line.text)) return lost({ ...seen, last });
	const known = seen.phase === 'starting' && line.from === 'stdout' ? TRANSPORT.find(([words]) => words.test(line.text)) : undefined;
	return [{ ...seen, last, transport: known === undefined ? seen.transport : { outcome: known[1], said: known[2] } }];
}

const LOST = 'the camera ended it';
const SILENT = 'the camera does not answer any more';
/** The session is over; reported once. */
function lost(seen: ReportState, why: string = LOST): Step {
	if (seen.phase === 'lost') return [seen];
	return [{ ...seen, phase: 'lost', held: [] }, ...seen.held, { saw: 'lost', why }];
}

/** Reported now, or with the rest when the steps are done. */
function tell(seen: ReportState, ...observations: readonly Observation[]): Step {
	return seen.phase === 'steps' ? [{ ...seen, held: [...seen.held, ...observations] }] : [seen, ...observations];
}

/** Reads one line of the report. An unknown key comes from a newer template and is ignored. */
function readReport(seen: ReportState, text: string): Step {
	const cut = text.indexOf('=');
	const value = unescaped(text.slice(cut + 1));
	switch (cut < 0 ? '' : text.slice(0, cut)) {
		case 'took':
			return [{ ...seen, took: Number(value) || 0 }];
		case 'failed':
			return [{ ...seen, failure: value }];
		case 'withoutNetwork':
			return [{ ...seen, error: new CanonWifiError('toolWithoutNetwork', { tool: 'chdkptp', path: seen.program, next: WITHOUT_NETWORK }) }];
		case 'otherCamera':
			return [
				{
					...seen,
					error: new CanonWifiError('usage', {
						problem: `chdkptp's own startup file has connected it to another camera, ${value}.`,
						next: 'Take the connect command out of user.chdkptp, or give -r to leave the startup files out.',
					}),
				},
			];
		case 'problem':
			return [{ ...seen, error: new CanonWifiError('toolFailed', { tool: 'chdkptp', said: value }) }];
		case 'model':
			return learnt(seen, { model: value || null });
		case 'serial':
			return learnt(seen, { serial: value || null });
		case 'firmware':
			return learnt(seen, { firmware: value || null });
		case 'chdk':
			return learnt(seen, { chdk: value === 'none' ? false : value });
		case 'os':
			return learnt(seen, { os: osOf(value) ?? null });
		case 'connected':
			return seen.phase === 'starting' ? tell({ ...seen, phase: 'steps' }, { saw: 'connected' }) : [seen];
		case 'ready':
			return seen.phase === 'steps' ? [{ ...seen, phase: 'connected', held: [] }, ...seen.held] : [seen];
		case 'keepalive':
			return tell(seen, { saw: 'keepalive', operation: value });
		case 'unlock':
			return tell(seen, unlock(value));
		case 'unlockFailed':
			return tell(seen, { saw: 'unlock', done: false, why: 'failed' }, warned(warning('unlockFailed', { why: value })));
		case 'lost':
			return lost(seen);
		case 'at':
			return [seen, { saw: 'activity', activity: value === 'away' ? 'away' : 'work' }];
		default:
			return tell(seen, ...warn(text.slice(0, Math.max(cut, 0)), value));
	}
}

/** What did not go as wished, but does not end the session. */
function warn(key: string, value: string): Observation[] {
	switch (key) {
		case 'chdkFailed':
			return [warned(warning('chdkSilent', { why: value }))];
		case 'osDiffers': {
			const os = osOf(value);
			return [warned(warning('osDiffers', { os: os === undefined ? value : OS_NAMES[os] }))];
		}
		case 'keepaliveFailed':
			return [warned(warning('keepaliveFailed', { why: value }))];
		case 'keepaliveOff':
			return [warned(warning('keepaliveOff', { value }))];
		default:
			return [];
	}
}

const warned = (found: Warning): Observation => ({ saw: 'warning', warning: found });
const learnt = (seen: ReportState, found: Partial<CameraInfo>): Step => [seen, { saw: 'learnt', learnt: found }];
const osOf = (word: string | undefined): CameraOs | undefined => (word === 'dryos' || word === 'vxworks' ? word : undefined);

/** `done 4482 dryos`, `done` (the camera chose), or why not. */
function unlock(value: string): Observation {
	const [word, levent, system] = value.split(' ');
	if (word === 'noChdk' || word === 'off') return { saw: 'unlock', done: false, why: word };
	if (word !== 'done') return { saw: 'unlock', done: false, why: 'failed' };
	const os = osOf(system);
	return os === undefined ? { saw: 'unlock', done: true } : { saw: 'unlock', done: true, levent: Number(levent), os };
}

/** `%XX` back to bytes, and those as UTF-8. Whatever cannot be is shown as U+FFFD; nothing throws. */
function unescaped(text: string): string {
	const bytes = [...new TextEncoder().encode(text)];
	const out: number[] = [];
	for (let i = 0; i < bytes.length; i++) {
		const hex = bytes[i] === 0x25 ? /^[0-9A-F]{2}$/.exec(String.fromCharCode(...bytes.slice(i + 1, i + 3))) : null;
		out.push(hex === null ? (bytes[i] ?? 0) : Number.parseInt(hex[0], 16));
		if (hex !== null) i += 2;
	}
	return new TextDecoder().decode(new Uint8Array(out)).trim();
}

/** Says what the end of the process shows that no line did. */
export function end(seen: ReportState, { code, signal, stopped }: Exit): readonly Observation[] {
	// It does not block SIGPIPE: writing to a camera that has gone kills it. Its wrapper makes 141 of that.
	const broken = signal === 'SIGPIPE' || code === 141;
	if (seen.phase === 'lost') return [];
	if (seen.phase === 'steps') {
		if (seen.error !== null) return [...seen.held, { saw: 'error', error: seen.error }];
		const silent = stopped === 'silent' ? [{ saw: 'lost', why: SILENT } as const] : [];
		return [...seen.held, ...silent, ...end({ ...seen, phase: 'connected' }, { code, signal, stopped })];
	}
	if (seen.phase === 'connected') {
		if (stopped !== false) return [];
		if (broken) return [{ saw: 'lost', why: LOST }];
		return diedOf(signal) ? [{ saw: 'lost', why: `chdkptp was ended by ${signal}` }] : [];
	}
	if (stopped === 'asked') return [];
	if (seen.error !== null) return [{ saw: 'error', error: seen.error }];
	if (seen.transport !== null) return [{ saw: 'refusal', ...seen.transport }];
	if (stopped === 'silent') return [{ saw: 'refusal', outcome: 'noAnswer', said: 'the camera did not answer' }];
	if (broken) return [{ saw: 'refusal', outcome: 'refused', said: LOST }];
	if (seen.failure !== null) return [{ saw: 'refusal', outcome: seen.took >= UNREACHABLE_MS ? 'noAnswer' : 'refused', said: seen.failure }];
	const said = seen.last === '' ? `it ended with ${signal ?? `exit code ${code}`}` : seen.last;
	return [{ saw: 'error', error: new CanonWifiError('toolFailed', { tool: 'chdkptp', said }) }];
}
