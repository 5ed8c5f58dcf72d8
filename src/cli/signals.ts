/** Ctrl-C, on Windows also Ctrl-Break, and the signals that end a program. The first ends the run properly, the second at once; while a tool has the terminal, Ctrl-C is the tool's. */
import { Stopped } from '#contract/errors.ts';

export interface Signals {
	/** Aborted with a `Stopped` by the first signal. */
	readonly signal: AbortSignal;
	/** Leaves Ctrl-C to the program in the foreground until the returned function is called. */
	leaveToTool(): () => void;
}

/**
 * Those that end a run. SIGBREAK is Windows' Ctrl-Break, and no other system sends it. SIGALRM comes from `timeout -s ALRM`
 * and the like, SIGXCPU when a limit of processor time (`ulimit -t`) is reached.
 */
const SIGNALS = ['SIGINT', 'SIGBREAK', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGALRM', 'SIGXCPU'] as const;
/** What a terminal sends to the tool in the foreground as well: Ctrl-C, Ctrl-Break and Ctrl-\. */
const KEYS: readonly string[] = ['SIGINT', 'SIGBREAK', 'SIGQUIT'];

/** Listens for as long as the process lives. `atOnce` ends it immediately. */
export function listenForSignals(process: Pick<NodeJS.Process, 'on'>, atOnce: (exitCode: number) => void): Signals {
	const controller = new AbortController();
	let toolHas = 0;
	const on = (name: (typeof SIGNALS)[number]) => {
		if (KEYS.includes(name) && toolHas > 0) return;
		const stopped = new Stopped(name);
		if (controller.signal.aborted) atOnce(stopped.exitCode);
		else controller.abort(stopped);
	};
	for (const name of SIGNALS) process.on(name, () => on(name));
	return {
		signal: controller.signal,
		leaveToTool: () => {
			toolHas++;
			let has = true;
			return () => {
				if (has) toolHas--;
				has = false;
			};
		},
	};
}
