/** Runs this program again as another process, for the demo, and passes its events on. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EXIT } from '#contract/errors.ts';

/** An event of the other process, as parsed JSON. */
export type SelfEvent = { type: string; [field: string]: unknown };

/** Starts `script` with `args` and `--json`. `stop` sends SIGTERM. `ended` resolves with the exit code, and rejects if the process cannot be started. */
export function startSelf(
	script: string,
	args: readonly string[],
	on: (event: SelfEvent) => void,
): { ended: Promise<number>; stop(): void } {
	const cut = args.indexOf('--');
	const [head, rest] = cut < 0 ? [args, []] : [args.slice(0, cut), args.slice(cut)];
	const child = spawn(process.execPath, [script, ...head, '--json', ...rest], {
		stdio: ['ignore', 'pipe', 'inherit'],
		env: { ...process.env, CI: 'true' },
	});
	createInterface({ input: child.stdout }).on('line', (line) => {
		try {
			on(JSON.parse(line) as SelfEvent);
		} catch {
			// Not an event. We print no such line, and the demo need not fail because of one.
		}
	});
	const ended = new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code) => resolve(code ?? EXIT.bug));
	});
	ended.catch(() => {}); // not unhandled: whoever awaits it still gets the error
	return {
		ended,
		stop: () => void child.kill('SIGTERM'),
	};
}
