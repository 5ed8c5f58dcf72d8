/** This very program as a process of its own, for the demo: its events come back one by one. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { EXIT } from '#contract/errors.ts';

export type SelfEvent = { type: string; [field: string]: unknown };

/** Starts `script` with `args` and `--json`. `stop` ends it in order. `ended` rejects when it cannot be started. */
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
			// Not an event: nothing that we print looks so, and the demo need not stumble over it.
		}
	});
	const ended = new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code) => resolve(code ?? EXIT.bug));
	});
	ended.catch(() => {}); // who waits for it is told
	return {
		ended,
		stop: () => void child.kill('SIGTERM'),
	};
}
