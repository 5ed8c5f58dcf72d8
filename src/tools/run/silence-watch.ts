/** Watches a tool without time-outs where the system does not show what it waits for (rules/silence.ts). */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Activity, alive, isDue, isSilent, looked, unwatched } from '../rules/silence.ts';
import { effortOf } from './processes.ts';

/** How often a tool at work is looked at, at most, in milliseconds. On Windows each look starts PowerShell. */
const LOOK_MS = { unix: 3000, windows: 8000 };

/** The watch over one run of a tool. */
export class SilenceWatch {
	readonly #platform: NodeJS.Platform;
	readonly #silentMs: number;
	readonly #everyMs: number;
	#seen = unwatched;

	/** `silentMs`: a tool that has waited so long for the camera has lost it. */
	constructor(platform: NodeJS.Platform, silentMs: number) {
		this.#platform = platform;
		this.#silentMs = silentMs;
		this.#everyMs = Math.min(platform === 'win32' ? LOOK_MS.windows : LOOK_MS.unix, silentMs / 5);
	}

	/** Notes that the tool said something; `is`: what it is about. */
	alive(is?: Activity): void {
		this.#seen = alive(this.#seen, performance.now(), is);
	}

	/** Looks at the process `pid` until the signal is aborted; calls `onSilent`, once, when the camera is taken for lost. */
	async watch(pid: number, signal: AbortSignal, onSilent: () => void): Promise<void> {
		while (!signal.aborted) {
			await sleep(this.#everyMs, undefined, { signal }).catch(() => {});
			if (signal.aborted || !isDue(this.#seen, performance.now(), this.#everyMs)) continue;
			const before = this.#seen;
			const effort = await effortOf(pid, this.#platform);
			// What it said while the system was asked counts for more.
			if (this.#seen !== before || signal.aborted) continue;
			this.#seen = looked(before, effort, performance.now(), this.#silentMs);
			if (!isSilent(this.#seen, this.#silentMs)) continue;
			onSilent();
			return;
		}
	}
}
