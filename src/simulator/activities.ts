/** Keeps the activities on the network in step with the firmware's state. */
import type { Activity, Planned } from './modes/mode.ts';

/** The activities that run at the moment. */
export class Activities {
	readonly #running = new Map<string, Activity>();

	/** Stops activities that are no longer planned, newest first, then begins new ones. Rejects if one cannot begin. */
	async switchTo(planned: readonly Planned[]): Promise<void> {
		for (const [key, activity] of [...this.#running].reverse())
			if (!planned.some((one) => one.key === key)) {
				this.#running.delete(key);
				await activity.stop();
			}
		for (const { key, begin } of planned) if (!this.#running.has(key)) this.#running.set(key, await begin());
	}
}
