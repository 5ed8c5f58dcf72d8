/** Ctrl-C and SIGTERM. The first ends in order, the second at once; while a tool has the terminal, Ctrl-C is the tool's. */
import { Stopped } from '../core/stopped.ts';

export interface Signals {
	/** Aborted with a `Stopped` by the first signal. */
	readonly signal: AbortSignal;
	/** Leaves Ctrl-C to the program in the foreground until the returned function is called. */
	leaveToTool(): () => void;
}

/** Listens for as long as the process lives. `atOnce` ends it without any more ado. */
export function listenForSignals(process: NodeJS.Process, atOnce: (exitCode: number) => void): Signals {
	const controller = new AbortController();
	let toolHas = 0;
	const on = (name: 'SIGINT' | 'SIGQUIT' | 'SIGTERM' | 'SIGHUP') => {
		// The terminal sends Ctrl-C and Ctrl-\ to the tool as well.
		if ((name === 'SIGINT' || name === 'SIGQUIT') && toolHas > 0) return;
		const stopped = new Stopped(name);
		if (controller.signal.aborted) atOnce(stopped.exitCode);
		else controller.abort(stopped);
	};
	for (const name of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => on(name));
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
