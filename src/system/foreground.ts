/**
 * Whether we are in the terminal's foreground, checked before anything is drawn there. `canon-wifi hold &` must not erase
 * what other programs write; after `fg` it may draw again.
 */
import { readFileSync } from 'node:fs';
import { alwaysForeground, type ForegroundCheck, foregroundInPs, foregroundInStat } from '#base/foreground.ts';
import { runProgram, runProgramSync } from './run-program.ts';

/** What the foreground check needs from the system. */
export interface ForegroundSystem {
	/** Node's `process.platform`. */
	platform: string;
	/** Milliseconds since some fixed moment; never goes back. */
	now(): number;
	/** Linux: text of `/proc/self/stat`. Throws if there is none. */
	stat(): string;
	/** Other systems: the output of `ps` about this process, while everything else waits. May fail. */
	psNow(): string;
	/** The same, without blocking. */
	ps(): Promise<string>;
	/** Calls `listener` whenever the process continues after a stop (SIGCONT). */
	onContinued(listener: () => void): void;
}

/**
 * How long an answer is valid, in milliseconds. It must be shorter than a person needs to stop us and continue us in the
 * background, because we may draw before SIGCONT reaches us. `ps` starts a process each time, so it is asked rarely.
 */
const STAT_MS = 200;
const PS_MS = 5000;

/** Time limit for `ps`, in milliseconds. */
const LIMIT_MS = 1000;

/** The running system. */
export function thisTerminal(): ForegroundSystem {
	// One `-o` for each column: for the BSDs everything behind the first `=` of one is a header.
	const args = ['-o', 'pgid=', '-o', 'tpgid=', '-p', String(process.pid)];
	return {
		platform: process.platform,
		now: () => performance.now(),
		stat: () => readFileSync('/proc/self/stat', 'utf8'),
		psNow: () => runProgramSync('ps', args, LIMIT_MS).stdout,
		ps: async () => (await runProgram('ps', args, LIMIT_MS)).stdout,
		onContinued: (listener) => void process.on('SIGCONT', listener),
	};
}

/** Makes the foreground check. If the system does not tell, we count as in the foreground, as most programs are. */
export function foreground(system: ForegroundSystem = thisTerminal()): ForegroundCheck {
	if (system.platform === 'win32') return alwaysForeground;
	const linux = system.platform === 'linux';
	let here: boolean | undefined;
	let stay = 0;
	let askedAt = Number.NEGATIVE_INFINITY;
	let asking = false;
	const learn = (now: boolean | undefined) => {
		if (now !== false && here === false) stay++;
		here = now !== false;
	};
	const askLater = () => {
		if (asking) return;
		asking = true;
		system
			.ps()
			.then(foregroundInPs, () => undefined)
			.then((now) => {
				asking = false;
				learn(now);
			});
	};
	const ask = () => {
		askedAt = system.now();
		if (linux) learn(tried(() => foregroundInStat(system.stat())));
		else if (here === undefined) learn(tried(() => foregroundInPs(system.psNow())));
		else askLater();
	};
	system.onContinued(() => {
		stay++;
		askedAt = Number.NEGATIVE_INFINITY;
		if (linux) return;
		here = false; // until it is known
		asking = false;
		ask();
	});
	return () => {
		if (system.now() - askedAt >= (linux ? STAT_MS : PS_MS)) ask();
		return here === true ? stay : undefined;
	};
}

function tried<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
