/** One attempt of a tool and, when the camera takes it, the session: the process, its streams and its end. */
import { constants } from 'node:fs';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred } from '#base/deferred.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { CameraInfo, Emit, Event } from '#contract/events.ts';
import type { Attempted, Finished, Job, Refused, Session, SessionEnd } from '#session/client.ts';
import { Chatter } from '../output/chatter.ts';
import { Idle } from '../output/idle.ts';
import { Lines } from '../output/lines.ts';
import { Outlet, pump } from '../output/output.ts';
import { Report } from '../output/report.ts';
import type { Attached, ReplayableStdin } from '../output/stdin.ts';
import { keepTerminal } from '../output/terminal-modes.ts';
import type { Exit, Line, Places, Tool } from '../tool.ts';
import { watchOpening, watchSilence } from './connection-watch.ts';
import { Conversation } from './conversation.ts';
import { type Run, start } from './run.ts';
import { MARK, placeTrouble, writePrepared } from './workplace.ts';

/** What attempts share: our own streams, and how long things may take (milliseconds). */
export interface Surroundings {
	readonly stdin: ReplayableStdin;
	readonly stdout: Writable;
	readonly stderr: Writable;
	/** Show what refused attempts say too. */
	readonly verbose: boolean;
	/** An attempt that is not connected after this long has failed. */
	readonly connectLimitMs: number;
	/** How long the tool may take to end when it is asked to. */
	readonly quitGraceMs: number;
	/** How long a tool may take to end by itself after its session was lost. */
	readonly lostGraceMs: number;
	/** A tool that has no time-outs of its own has lost a camera that it has waited for so long. */
	readonly silentMs: number;
	/** The terminal is the tool's from now on (Ctrl-C belongs to it), until the function that comes back is called. */
	lendTerminal(): () => void;
}

/** Ends of an attempt that failed: it has nothing to release, but may have something left to say. */
const FAILED_GRACE_MS = 150;
/** Ends of an attempt that is given up while it connects. */
const ABORT_GRACE_MS = 500;
/** Ends by itself when its input has ended. */
const END_OF_INPUT_MS = 1000;
/** How long pipes are read on, while nothing comes, after the process has ended. */
const DRAIN_MS = 300;
/** How often the report is looked at: while connecting, and in a session. */
const LOOK_MS = { connecting: 25, connected: 200 };
/** A pipe holds 64 KiB: with more than this in it, in bytes, the next look comes soon, so that the tool does not wait. */
const MUCH = 4096;

/**
 * Starts the tool and waits until the camera has granted it a session, or until it has ended without one. `closed` is called
 * when all of it is over. Rejects with a `CanonWifiError` for what no further attempt can cure, and with the signal's reason
 * when it is aborted before the camera took the connection.
 */
export async function connectTool<S>(
	tool: Tool<S>,
	job: Job,
	places: Places,
	around: Surroundings,
	emit: Emit,
	signal: AbortSignal,
	closed: () => Promise<void>,
): Promise<Attempted> {
	const granted = deferred<Session>();
	const ended = (async () => {
		try {
			signal.throwIfAborted();
			await writePrepared(tool.prepare(job, places));
			const report = openReport(places.report ?? `${places.folder}/report`);
			try {
				const restoreTerminal = job.talk === 'terminal' ? await keepTerminal(places.platform) : undefined;
				const one = new Attempt(tool, job, places, around, emit, report, (attempt) =>
					granted.resolve({ outcome: 'session', info: attempt.learnt, ended: sessionEnd, begin: attempt.begin, close: attempt.stop }),
				);
				try {
					return await one.live(signal);
				} finally {
					await one.close();
					await restoreTerminal?.(one.endedHard);
				}
			} finally {
				report.close();
			}
		} finally {
			await closed();
		}
	})();
	const sessionEnd: Promise<SessionEnd> = ended.then((how) => {
		if (how.outcome !== 'finished') throw new Error(`a session that stood ended as ${how.outcome}`);
		return how.end;
	});
	sessionEnd.catch(() => {}); // only of interest when there was a session
	return Promise.race([granted.promise, ended]);
}

/** Throws `settingsUnwritable` when there is no place for it. */
function openReport(path: string): Report {
	try {
		return new Report(path);
	} catch (error) {
		throw placeTrouble(path, error);
	}
}

class Attempt<S> {
	readonly #tool: Tool<S>;
	readonly #job: Job;
	readonly #places: Places;
	readonly #around: Surroundings;
	readonly #emit: Emit;
	readonly #report: Report;
	readonly #run: Run;
	readonly #talk: Conversation<S>;
	readonly #stdout: Outlet;
	readonly #stderr: Outlet;
	readonly #stdin: Attached | undefined;
	/** What the tool says goes on to the user: it is decided what became of the attempt. */
	#passing = false;
	/** Lines for `toolSaid` that wait for the attempt to be decided. */
	#unsaid: Line[] = [];
	#stopped: Exit['stopped'] = false;
	#quitting: Promise<void> | undefined;
	#gate: Promise<FileHandle | undefined> | undefined;
	/** What the tool wants done once it is connected. */
	#afterwards: Promise<unknown> = Promise.resolve();
	#giveBackTerminal: (() => void) | undefined;
	#over = new AbortController();
	/** The session's events, output and input are let go. */
	readonly #begun = deferred<void>();
	#hasBegun = false;
	/** Events of a session that has not begun yet. */
	readonly #early: Event[] = [];
	readonly #granted: (attempt: Attempt<S>) => void;
	/** The process was killed, so that it may have left the terminal in its own modes. */
	endedHard = false;

	constructor(
		tool: Tool<S>,
		job: Job,
		places: Places,
		around: Surroundings,
		emit: Emit,
		report: Report,
		granted: (attempt: Attempt<S>) => void,
	) {
		this.#tool = tool;
		this.#job = job;
		this.#places = places;
		this.#around = around;
		this.#emit = (event) => void (this.#talk.connected && !this.#hasBegun ? this.#early.push(event) : emit(event));
		this.#report = report;
		this.#granted = granted;
		this.#talk = new Conversation(tool, job, places, this.#emit, {
			connected: () => this.#connected(),
			failed: () => this.#quit([], FAILED_GRACE_MS),
			lost: () => this.#quit(tool.quit, around.quitGraceMs, around.lostGraceMs),
		});
		const passes = job.talk === 'through';
		this.#stdout = new Outlet(passes ? around.stdout : null, !around.verbose);
		this.#stderr = new Outlet(job.talk === 'events' ? null : around.stderr, !around.verbose);
		const { file, args, env } = tool.command(job, places);
		const terminal = job.talk === 'terminal';
		this.#run = start(
			{ file, args, env: { ...env, [MARK]: places.folder } },
			{
				stdin: terminal ? 'inherit' : job.purpose === 'learn' ? 'ignore' : 'pipe',
				stdout: terminal ? 'inherit' : 'pipe',
				stderr: terminal && tool.ownsStderr === true ? 'inherit' : 'pipe',
				platform: places.platform,
				control: tool.names(places.platform),
			},
		);
		this.#stdin = this.#run.stdin === null ? undefined : around.stdin.attach(this.#run.stdin);
	}

	/** What is known of the camera. */
	get learnt(): CameraInfo {
		return this.#talk.learnt;
	}

	/** Runs the tool to its end. `finished` is also the end of a session; `granted` was called then. */
	async live(signal: AbortSignal): Promise<Refused | Finished> {
		const giveUp = () => {
			if (!this.#talk.connected) this.stop();
		};
		signal.addEventListener('abort', giveUp, { once: true });
		const limit = setTimeout(() => this.#silent(), this.#around.connectLimitMs);
		const watching = Promise.all([this.#watchReport(), ...this.#watchConnections()]);
		const idle = new Idle();
		const pumps = Promise.all([this.#pump('stdout', idle), this.#pump('stderr', idle)]);
		try {
			if (signal.aborted) giveUp();
			const { code, signal: by, problem } = await this.#run.ended;
			if (problem !== undefined)
				throw new CanonWifiError('toolPathWrong', { tool: this.#tool.name, path: this.#places.program, why: problem });
			this.endedHard = by !== null;
			await Promise.race([pumps, idle.quietFor(DRAIN_MS)]);
			this.#over.abort();
			await watching;
			await this.#quitting;
			const end = this.#talk.end({ code, signal: by, stopped: this.#stopped });
			if (signal.aborted && !this.#talk.connected) throw signal.reason;
			if (end.outcome === 'finished') {
				if (this.#talk.connected) await this.#begun.promise;
				// Neither a camera nor an error of ours: what it said (a wrong option) is for the person.
				else this.#passOn();
				// Undecided until now, it may have left something in its pipes.
				await Promise.race([pumps, idle.quietFor(DRAIN_MS)]);
			}
			return end;
		} finally {
			clearTimeout(limit);
			signal.removeEventListener('abort', giveUp);
			this.#over.abort();
		}
	}

	async close(): Promise<void> {
		this.#over.abort();
		this.#stdin?.detach();
		this.#giveBackTerminal?.();
		this.#stdout.drop();
		this.#stderr.drop();
		await Promise.all([this.#stdout.flushed(), this.#stderr.flushed(), this.#afterwards]);
		this.#run.close();
		await (await this.#gate)?.close();
	}

	#connected(): void {
		this.#granted(this);
	}

	/** Lets go of what was held back until the session was told of. */
	readonly begin = (): void => {
		if (this.#hasBegun) return;
		this.#hasBegun = true;
		this.#stdin?.confirm();
		this.#passOn();
		for (const event of this.#early) this.#emit(event);
		if (this.#job.talk === 'terminal') this.#giveBackTerminal = this.#around.lendTerminal();
		this.#afterwards = this.#runOnConnected();
		// Open for reading and writing: that waits for nobody, and whoever waits to read finds it open.
		const gate = this.#tool.gate?.(this.#places);
		// In a moment: what was told together with `connected` is to be on the screen before the tool's prompt is.
		if (gate !== undefined)
			this.#gate = Promise.resolve()
				.then(() => open(gate, constants.O_RDWR | (constants.O_NONBLOCK ?? 0)))
				.catch(() => undefined);
		this.#begun.resolve();
	};

	/** Resolves when it has ended; it may take as long as it likes, as it may when the tool itself starts it. */
	async #runOnConnected(): Promise<void> {
		const wanted = this.#tool.onConnected?.(this.#job, this.#places);
		if (wanted === undefined) return;
		await writeFile(wanted.sign, '', { mode: 0o600 });
		const stdout = this.#job.talk === 'events' ? 'pipe' : 'inherit';
		const run = start(wanted.command, { stdin: 'ignore', stdout, stderr: 'inherit', platform: this.#places.platform });
		run.stdout?.resume();
		await run.ended;
	}

	#passOn(): void {
		this.#passing = true;
		this.#stdout.release();
		this.#stderr.release();
		for (const line of this.#unsaid) this.#say(line);
		this.#unsaid = [];
	}

	/** Ends the tool: gives the attempt up, or ends the session in order. */
	readonly stop = (): void => {
		this.#stopped = 'asked';
		this.#talk.stopping();
		if (!this.#talk.connected) {
			this.#quit(['SIGTERM'], ABORT_GRACE_MS);
			return;
		}
		this.#begun.resolve();
		// What reads commands ends with its input, and then in order: a signal ends chdkptp without a goodbye to the camera.
		const reads = this.#run.stdin !== null && this.#tool.interactive(this.#job.args);
		if (reads) {
			this.#stdin?.detach();
			this.#run.stdin?.end();
		}
		this.#quit(this.#tool.quit, this.#around.quitGraceMs, reads ? END_OF_INPUT_MS : 0);
	};

	#silent(): void {
		if (this.#talk.connected || this.#talk.failed) return;
		this.#stopped = 'silent';
		this.#quit([], 0);
	}

	/** Ends the tool: first it may do so by itself for `alreadyMs`. With no signals it is killed after `graceMs`. */
	#quit(signals: readonly NodeJS.Signals[], graceMs: number, alreadyMs = signals.length === 0 ? graceMs : 0): void {
		const before = this.#quitting;
		this.#quitting = (async () => {
			await Promise.race([...(before === undefined ? [] : [before]), this.#run.ended, sleep(alreadyMs)]);
			await this.#run.quit(signals, graceMs);
		})();
	}

	#pump(from: 'stdout' | 'stderr', idle: Idle): Promise<void> {
		const lines = new Lines();
		const counted = idle.count();
		const chatter = from === 'stdout' && !this.#around.verbose ? new Chatter(this.#tool.chatter ?? []) : undefined;
		return pump(this.#run[from], from === 'stdout' ? this.#stdout : this.#stderr, {
			look: (bytes) => {
				this.#listen(from, bytes, lines);
				return chatter?.pass(bytes, this.#talk.connected) ?? bytes;
			},
			idle: counted,
			unread: () => {
				// Like the end of `| head`: it may die of it, and that is nobody's fault.
				this.#stopped ||= 'asked';
				this.#talk.stopping();
				this.#run[from]?.destroy();
			},
		}).then(() => {
			for (const text of lines.end()) this.#hear({ from, text });
			counted(true);
		});
	}

	#listen(from: 'stdout' | 'stderr', bytes: Uint8Array, lines: Lines): void {
		// Once it is connected its stdout is the user's, who may have it send pictures there.
		if (from === 'stdout' && this.#job.talk === 'through' && this.#talk.connected) return;
		if (!this.#talk.connected) this.#readReport();
		for (const text of lines.push(bytes)) this.#hear({ from, text });
		if (from === 'stdout' && !this.#talk.connected && lines.partial !== '') this.#talk.hear({ from, text: lines.partial, partial: true });
	}

	#hear(line: Line): void {
		this.#talk.hear(line);
		if (this.#job.talk !== 'events') return;
		if (this.#passing || this.#around.verbose) this.#say(line);
		else if (this.#unsaid.length < 1000) this.#unsaid.push(line);
	}

	#say({ from, text }: Line): void {
		if (from === 'stdout' || from === 'stderr') this.#emit({ type: 'toolSaid', tool: this.#tool.id, stream: from, line: text });
	}

	#readReport(): void {
		for (const text of this.#report.read()) this.#talk.hear({ from: 'report', text });
	}

	/** What is seen of its connections, for what it does not say itself. */
	#watchConnections(): Promise<void>[] {
		const { pid } = this.#run;
		if (pid === undefined || this.#places.platform !== 'linux') return [];
		const { address, port } = this.#job;
		const hear = (text: 'open' | 'silent') => this.#talk.hear({ from: 'sockets', text });
		const watched = { pid, address, port, hear, signal: this.#over.signal };
		return [
			...(this.#tool.unseen?.(this.#job, this.#places) === true ? [watchOpening(watched, () => this.#talk.connected)] : []),
			...(this.#tool.patient === true ? [watchSilence(watched, this.#around.silentMs)] : []),
		];
	}

	async #watchReport(): Promise<void> {
		const { signal } = this.#over;
		for (;;) {
			const last = signal.aborted;
			const before = this.#report.drained;
			this.#readReport();
			if (last) return;
			const soon = !this.#talk.connected || this.#report.drained - before > MUCH;
			await sleep(soon ? LOOK_MS.connecting : LOOK_MS.connected, undefined, { signal }).catch(() => {});
		}
	}
}
