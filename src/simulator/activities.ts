/** Keeps what runs on the network in step with the firmware's state. */
import type { Activity, Planned } from './modes/mode.ts';

export class Activities {
	readonly #running = new Map<string, Activity>();

	/** Stops what is not planned any more, newest first, then begins what is new. Rejects when that cannot be. */
	async switchTo(planned: readonly Planned[]): Promise<void> {
		for (const [key, activity] of [...this.#running].reverse())
			if (!planned.some((one) => one.key === key)) {
				this.#running.delete(key);
				await activity.stop();
			}
		for (const { key, begin } of planned) if (!this.#running.has(key)) this.#running.set(key, await begin());
	}
}
