/** One attempt of a tool and, when the camera takes it, the session: the process, its streams and its end. */
import { constants } from 'node:fs';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { withResolvers } from '#base/with-resolvers.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { CameraInfo, Emit, Event } from '#contract/events.ts';
import type { Attempted, Finished, Job, Refused, Session, SessionEnd } from '#session/client.ts';
import { Banner } from '../output/banner.ts';
import { HeldOutput, pump } from '../output/held-output.ts';
import { Idle } from '../output/idle.ts';
import { Lines } from '../output/lines.ts';
import { Report } from '../output/report.ts';
import type { Attached, ReplayableStdin } from '../output/stdin.ts';
import { keepTerminal } from '../output/terminal-modes.ts';
import type { Exit, OutputLine, Tool, ToolPaths } from '../tool.ts';
import { watchOpening, watchSilence } from './connection-watch.ts';
import { OutputParser } from './output-parser.ts';
import { type Run, start } from './run.ts';
import { asUnwritable, MARK, writePrepared } from './run-folders.ts';
import { SilenceWatch } from './silence-watch.ts';

/** What attempts share: our own streams, and how long things may take (milliseconds). */
export interface RunContext {
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
	paths: ToolPaths,
	context: RunContext,
	emit: Emit,
	signal: AbortSignal,
	closed: () => Promise<void>,
): Promise<Attempted> {
	const granted = withResolvers<Session>();
	const ended = (async () => {
		try {
			signal.throwIfAborted();
			await writePrepared(tool.prepare(job, paths));
			const report = openReport(paths.report ?? `${paths.folder}/report`);
			try {
				const restoreTerminal = job.talk === 'terminal' ? await keepTerminal(paths.platform) : undefined;
				const one = new Attempt(tool, job, paths, context, emit, report, (attempt) =>
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
		throw asUnwritable(path, error);
	}
}

class Attempt<S> {
	readonly #tool: Tool<S>;
	readonly #job: Job;
	readonly #paths: ToolPaths;
	readonly #context: RunContext;
	readonly #emit: Emit;
	readonly #report: Report;
	readonly #run: Run;
	readonly #parser: OutputParser<S>;
	readonly #stdout: HeldOutput;
	readonly #stderr: HeldOutput;
	readonly #stdin: Attached | undefined;
	/** What the tool says goes on to the user: it is decided what became of the attempt. */
	#passing = false;
	readonly #silence: SilenceWatch;
	/** Lines for `toolSaid` that wait for the attempt to be decided. */
	#unsaid: OutputLine[] = [];
	#stopped: Exit['stopped'] = false;
	#quitting: Promise<void> | undefined;
	#startGate: Promise<FileHandle | undefined> | undefined;
	/** The exit code that the tool would have ended with, where canon-wifi ended it. */
	#exitCode: number | undefined;
	/** What the tool wants done once it is connected. */
	#afterwards: Promise<unknown> = Promise.resolve();
	#giveBackTerminal: (() => void) | undefined;
	#over = new AbortController();
	/** The session's events, output and input are let go. */
	readonly #begun = withResolvers<void>();
	#hasBegun = false;
	/** Events of a session that has not begun yet. */
	readonly #early: Event[] = [];
	readonly #granted: (attempt: Attempt<S>) => void;
	/** The process was killed, so that it may have left the terminal in its own modes. */
	endedHard = false;

	constructor(
		tool: Tool<S>,
		job: Job,
		paths: ToolPaths,
		context: RunContext,
		emit: Emit,
		report: Report,
		granted: (attempt: Attempt<S>) => void,
	) {
		this.#tool = tool;
		this.#job = job;
		this.#paths = paths;
		this.#context = context;
		this.#emit = (event) => void (this.#parser.connected && !this.#hasBegun ? this.#early.push(event) : emit(event));
		this.#report = report;
		this.#granted = granted;
		this.#parser = new OutputParser(tool, job, paths, this.#emit, {
			connected: () => this.#connected(),
			failed: () => this.#quit([], FAILED_GRACE_MS),
			lost: () => this.#quit(tool.quit, context.quitGraceMs, context.lostGraceMs),
			activity: (is) => this.#silence.alive(is),
		});
		this.#silence = new SilenceWatch(paths.platform, context.silentMs);
		const passes = job.talk === 'through';
		this.#stdout = new HeldOutput(passes ? context.stdout : null, !context.verbose);
		this.#stderr = new HeldOutput(job.talk === 'events' ? null : context.stderr, !context.verbose);
		const { file, args, env } = tool.command(job, paths);
		const terminal = job.talk === 'terminal';
		this.#run = start(
			{ file, args, env: { ...env, [MARK]: paths.folder } },
			{
				stdin: terminal ? 'inherit' : job.purpose === 'learn' ? 'ignore' : 'pipe',
				stdout: terminal ? 'inherit' : 'pipe',
				stderr: terminal && tool.stderrToTty === true ? 'inherit' : 'pipe',
				platform: paths.platform,
				control: {
					names: tool.names(paths.platform),
					passed: () => this.#parser.hear({ from: 'sockets', text: 'signalled' }),
				},
			},
		);
		this.#stdin = this.#run.stdin === null ? undefined : context.stdin.attach(this.#run.stdin);
	}

	/** What is known of the camera. */
	get learnt(): CameraInfo {
		return this.#parser.learnt;
	}

	/** Runs the tool to its end. `finished` is also the end of a session; `granted` was called then. */
	async live(signal: AbortSignal): Promise<Refused | Finished> {
		const giveUp = () => {
			if (!this.#parser.connected) this.stop();
		};
		signal.addEventListener('abort', giveUp, { once: true });
		const limit = setTimeout(() => this.#silent(), this.#context.connectLimitMs);
		const watching = Promise.all([this.#watchReport(), ...this.#watchProcess()]);
		const idle = new Idle();
		const pumps = Promise.all([this.#pump('stdout', idle), this.#pump('stderr', idle)]);
		try {
			if (signal.aborted) giveUp();
			const { code, signal: by, problem } = await this.#run.ended;
			if (problem !== undefined)
				throw new CanonWifiError('toolPathWrong', { tool: this.#tool.name, path: this.#paths.program, why: problem });
			this.endedHard = by !== null;
			await Promise.race([pumps, idle.quietFor(DRAIN_MS)]);
			this.#over.abort();
			await watching;
			await this.#quitting;
			const end = this.#parser.end({ code, signal: by, stopped: this.#stopped });
			if (signal.aborted && !this.#parser.connected) throw signal.reason;
			if (end.outcome === 'finished') {
				if (this.#parser.connected) await this.#begun.promise;
				// Neither a camera nor an error of ours: what it said (a wrong option) is for the person.
				else this.#passOn();
				// Undecided until now, it may have left something in its pipes.
				await Promise.race([pumps, idle.quietFor(DRAIN_MS)]);
			}
			await this.#afterwards;
			if (end.outcome !== 'finished' || this.#exitCode === undefined) return end;
			return { ...end, end: { ...end.end, exitCode: this.#exitCode, signal: null } };
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
		await (await this.#startGate)?.close();
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
		if (this.#job.talk === 'terminal') this.#giveBackTerminal = this.#context.lendTerminal();
		this.#afterwards = this.#runOnConnected();
		// Opened for reading and writing, a named pipe does not wait, and it lets the tool's own opening for reading return.
		const gate = this.#tool.startGate?.(this.#paths);
		// A moment later, so that the events that come with `connected` are on the screen before the tool's prompt.
		if (gate !== undefined)
			this.#startGate = Promise.resolve()
				.then(() => open(gate, constants.O_RDWR | (constants.O_NONBLOCK ?? 0)))
				.catch(() => undefined);
		this.#begun.resolve();
	};

	/** Resolves when it has ended; it may take as long as it likes, as it may when the tool itself starts it. */
	async #runOnConnected(): Promise<void> {
		const wanted = this.#tool.onConnected?.(this.#job, this.#paths);
		if (wanted === undefined) return;
		await writeFile(wanted.sign, '', { mode: 0o600 });
		const stdout = this.#job.talk === 'events' ? 'pipe' : 'inherit';
		const run = start(wanted.command, { stdin: 'ignore', stdout, stderr: 'inherit', platform: this.#paths.platform });
		run.stdout?.resume();
		const { code } = await run.ended;
		if (code === null || code !== wanted.fatal) return;
		this.#exitCode = code;
		if (this.#over.signal.aborted) return;
		this.#stopped ||= 'asked';
		this.#parser.stopping();
		this.#quit(this.#tool.quit, this.#context.quitGraceMs);
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
		this.#parser.stopping();
		if (!this.#parser.connected) {
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
		this.#quit(this.#tool.quit, this.#context.quitGraceMs, reads ? END_OF_INPUT_MS : 0);
	};

	#silent(): void {
		if (this.#parser.connected || this.#parser.failed) return;
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
		const banner = from === 'stdout' && !this.#context.verbose ? new Banner(this.#tool.banner ?? []) : undefined;
		return pump(this.#run[from], from === 'stdout' ? this.#stdout : this.#stderr, {
			look: (bytes) => {
				this.#silence.alive();
				this.#listen(from, bytes, lines);
				return banner?.pass(bytes, this.#parser.connected) ?? bytes;
			},
			idle: counted,
			unread: () => {
				// Like the end of `| head`: it may die of it, and that is nobody's fault.
				this.#stopped ||= 'asked';
				this.#parser.stopping();
				this.#run[from]?.destroy();
			},
		}).then(() => {
			for (const text of lines.end()) this.#hear({ from, text });
			counted(true);
		});
	}

	#listen(from: 'stdout' | 'stderr', bytes: Uint8Array, lines: Lines): void {
		// Once it is connected its stdout is the user's, who may have it send pictures there.
		if (from === 'stdout' && this.#job.talk === 'through' && this.#parser.connected) return;
		if (!this.#parser.connected) this.#readReport();
		for (const text of lines.push(bytes)) this.#hear({ from, text });
		if (from === 'stdout' && !this.#parser.connected && lines.partial !== '')
			this.#parser.hear({ from, text: lines.partial, partial: true });
	}

	#hear(line: OutputLine): void {
		this.#parser.hear(line);
		if (this.#job.talk !== 'events') return;
		if (this.#passing || this.#context.verbose) this.#say(line);
		else if (this.#unsaid.length < 1000) this.#unsaid.push(line);
	}

	#say({ from, text }: OutputLine): void {
		if (from === 'stdout' || from === 'stderr') this.#emit({ type: 'toolSaid', tool: this.#tool.id, stream: from, line: text });
	}

	#readReport(): void {
		for (const text of this.#report.read()) this.#parser.hear({ from: 'report', text });
	}

	/** What is seen of it from outside, for what it does not say itself. */
	#watchProcess(): Promise<void>[] {
		const { pid } = this.#run;
		if (pid === undefined) return [];
		const { address, port } = this.#job;
		const hear = (text: 'session' | 'open' | 'silent') => this.#parser.hear({ from: 'sockets', text });
		if (this.#paths.platform !== 'linux')
			return this.#tool.noTimeout === true ? [this.#silence.watch(pid, this.#over.signal, () => hear('silent'))] : [];
		const watched = { pid, address, port, hear, signal: this.#over.signal };
		return [
			...(this.#tool.silentConnect?.(this.#job, this.#paths) === true ? [watchOpening(watched, () => this.#parser.connected)] : []),
			...(this.#tool.noTimeout === true ? [watchSilence(watched, this.#context.silentMs)] : []),
		];
	}

	async #watchReport(): Promise<void> {
		const { signal } = this.#over;
		for (;;) {
			const last = signal.aborted;
			const before = this.#report.drained;
			this.#readReport();
			if (last) return;
			const soon = !this.#parser.connected || this.#report.drained - before > MUCH;
			await sleep(soon ? LOOK_MS.connecting : LOOK_MS.connected, undefined, { signal }).catch(() => {});
		}
	}
}
