/** Waits for the camera: for the first time, for its return, and for signs that it has left its session. */

import { childAbort } from '#base/child-abort.ts';
import type { Clock } from '#base/clock.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Networks } from '#network/ports.ts';
import { candidate, type DetectedCamera, detectedCamera } from './detected-camera.ts';
import type { Choose, ChooseAny } from './ports.ts';
import {
	type CameraFilter,
	couldBeCamera,
	isExcluded,
	isSameDevice,
	type PreviousCamera,
	returnDelay,
	type Selection,
	selectCamera,
} from './rules/camera-selection.ts';
import type { Diagnosis } from './rules/hints.ts';
import type { Observation, OutsideSearch, Sighting } from './rules/sightings.ts';
import { SightingStore } from './sighting-store.ts';
import { type DiscoveryHealth, WaitDiagnosis } from './wait-diagnosis.ts';

/** What a `CameraWatch` needs. */
export interface WatchPorts {
	networks: Networks;
	clock: Clock;
	choose: Choose;
	/** Absent where nobody can be asked. */
	chooseAny?: ChooseAny | undefined;
}

/**
 * With `--camera`: how long to wait for a sign of the camera before trying it anyway, in milliseconds. A camera that is already
 * connected no longer searches.
 */
const UNSEEN_GRACE_MS = 3000;
/** The longest sleep while waiting without a limit, in milliseconds. */
const LONGEST_SLEEP_MS = 3_600_000;

/**
 * Signs that a camera has left its session: this long after it connected it searches and reads the description again, or it
 * searches twice this far apart (milliseconds). This is assumed: no recording shows whether PowerShots search during a session.
 * They may do so once more around SET, and the copies of one search come within a fraction of a second.
 */
const LEFT = { afterMs: 5000, apartMs: 1000 };

/** Takes in observations, and waits until one of the devices is the camera. */
export class CameraWatch {
	/** What was seen so far. */
	readonly sightings: SightingStore;
	readonly #ports: WatchPorts;
	readonly #diagnosis: WaitDiagnosis;
	/** Addresses that a person said are not the camera. */
	readonly #declined = new Set<string>();
	/** The camera that `camera` waits for. */
	#wanted: CameraFilter = {};
	/** The camera was taken only because there was no better candidate. */
	#tentative = false;

	constructor(ports: WatchPorts) {
		this.#ports = ports;
		this.sightings = new SightingStore(ports.networks, ports.clock);
		this.#diagnosis = new WaitDiagnosis(ports.networks);
	}

	/** Takes in one observation. */
	observe(observation: Observation | OutsideSearch): void {
		if (observation.type === 'outside') this.#diagnosis.searchedOutside(observation);
		else this.sightings.observe(observation);
	}

	/**
	 * After a session, forgets all devices that were not seen again since this time, in the clock's milliseconds: the camera must
	 * show itself again.
	 */
	forget(since = Number.POSITIVE_INFINITY): void {
		this.#tentative = false;
		this.sightings.forget(since);
		this.#diagnosis.sessionEnded();
	}

	/** Lets the diagnosis use discovery's own faults and tests. */
	explainBy(health: DiscoveryHealth): void {
		this.#diagnosis.explainBy(health);
	}

	/** Why no camera has been recognised, as of now. */
	get diagnosis(): Diagnosis {
		return this.#diagnosis.diagnose(this.sightings.all, this.#wanted, this.#declined);
	}

	/** Resolves when this address has read the description more often than this, or when the signal is aborted. */
	async untilReadMoreThan(address: string, times: number, signal: AbortSignal): Promise<void> {
		while (!signal.aborted && this.sightings.readsBy(address) <= times) await this.sightings.changed(signal);
	}

	/** Resolves when this address is seen again, or when the signal is aborted. */
	async untilSeen(address: string, signal: AbortSignal): Promise<void> {
		const before = this.sightings.lastSeen(address);
		while (!signal.aborted && this.sightings.lastSeen(address) === before) await this.sightings.changed(signal);
	}

	/** The camera's new place, if it has moved: a known camera at another address, or a better candidate than a tentative one. */
	moved(camera: DetectedCamera, wanted: CameraFilter): DetectedCamera | undefined {
		const selection = this.#select(wanted);
		if (!('camera' in selection) || (selection.matchedBy !== 'profile' && !this.#tentative)) return undefined;
		return selection.camera.address === camera.address ? undefined : detectedCamera(selection.camera, camera.matchedBy);
	}

	/**
	 * Waits for the camera. Calls `onOther` once for each saved camera that came instead. Throws `noCamera` after `limitMs`,
	 * `severalCameras` when nobody can be asked which one it is, and the signal's reason when that is aborted.
	 */
	async camera(
		wanted: CameraFilter,
		limitMs: number,
		signal: AbortSignal,
		onOther: (other: Sighting) => void = () => {},
	): Promise<DetectedCamera> {
		const { clock } = this.#ports;
		this.#wanted = wanted;
		const began = clock.now();
		const reported = new Set<string | null>();
		for (;;) {
			signal.throwIfAborted();
			const waited = clock.now() - began;
			this.#reportOthers(wanted, reported, onOther);
			const selection = this.#select(wanted);
			const decided = this.#decide(selection);
			if (decided !== undefined) return decided;
			// Nothing may be awaited between selecting and waiting, or an observation in between would wake nobody.
			const asking = this.#ask(selection, wanted, signal);
			if (asking !== undefined) {
				const chosen = await asking;
				if (chosen !== undefined) return detectedCamera(chosen, 'chosen');
				if ('uncertain' in selection) continue;
			}
			if (wanted.address !== undefined && waited >= UNSEEN_GRACE_MS) return this.#unseen(wanted.address);
			const left = limitMs - waited;
			if (left <= 0) throw new CanonWifiError('noCamera', { seconds: Math.round(limitMs / 1000), hint: this.diagnosis.words });
			const wait = 'waitMs' in selection ? selection.waitMs : left;
			await this.#changedWithin(Math.min(left, wait, wanted.address === undefined ? left : UNSEEN_GRACE_MS), signal);
		}
	}

	/**
	 * Resolves when the camera searches again although its client believes it is connected, so it has left the session. The result
	 * is the time of the first such search in the clock's milliseconds, or undefined when the signal is aborted before that.
	 */
	async leftSession(camera: PreviousCamera, signal: AbortSignal): Promise<number | undefined> {
		await this.#ports.clock.sleep(LEFT.afterMs, signal);
		const before = this.sightings.all;
		let first: number | undefined;
		while (!signal.aborted) {
			for (const sighting of this.sightings.all.values()) {
				if (!isSameDevice(sighting, camera)) continue;
				const { address, searches, descriptionReads, lastAt } = sighting;
				if (searches <= (before.get(address)?.searches ?? 0)) continue;
				first ??= lastAt;
				if (lastAt - first >= LEFT.apartMs || descriptionReads > (before.get(address)?.descriptionReads ?? 0)) return first;
			}
			await this.sightings.changed(signal);
		}
		return undefined;
	}

	/** Waits without a limit until a camera that was connected before shows itself again. Throws the signal's reason when that is aborted. */
	async untilReturned(before: PreviousCamera, signal: AbortSignal): Promise<DetectedCamera> {
		const { clock } = this.#ports;
		for (;;) {
			signal.throwIfAborted();
			const seen = [...this.sightings.all.values()].flatMap((sighting) => {
				const delay = returnDelay(sighting, before);
				return delay === undefined ? [] : [{ sighting, left: sighting.firstAt + delay - clock.now() }];
			});
			const returned = seen.findLast(({ left }) => left <= 0);
			if (returned !== undefined) return detectedCamera(returned.sighting, before.mac === null ? 'description' : 'profile');
			await this.#changedWithin(Math.min(...seen.map(({ left }) => left)), signal);
		}
	}

	#select(wanted: CameraFilter): Selection {
		return selectCamera(this.sightings.all, wanted, this.sightings.likelySince, this.#ports.clock.now());
	}

	#reportOthers(wanted: CameraFilter, reported: Set<string | null>, onOther: (other: Sighting) => void): void {
		for (const sighting of this.sightings.all.values()) {
			if (!isExcluded(sighting, wanted) || !couldBeCamera(sighting) || reported.has(sighting.mac)) continue;
			reported.add(sighting.mac);
			onOther(sighting);
		}
	}

	/** The camera, if the selection needs no question. */
	#decide(selection: Selection): DetectedCamera | undefined {
		if ('camera' in selection) return detectedCamera(selection.camera, selection.matchedBy);
		if (!('uncertain' in selection) || selection.fallback === undefined || this.#ports.chooseAny !== undefined) return undefined;
		this.#tentative = true;
		return detectedCamera(selection.fallback, 'description');
	}

	/** Asks a person which device is the camera; undefined when there is nothing to ask. */
	#ask(selection: Selection, wanted: CameraFilter, signal: AbortSignal): Promise<Sighting | undefined> | undefined {
		const { choose, chooseAny } = this.#ports;
		if ('ask' in selection) return choose(selection.ask.map(candidate), signal).then((address) => this.sightings.at(address));
		if (!('uncertain' in selection) || chooseAny === undefined) return undefined;
		const offered = selection.uncertain.filter(({ address }) => !this.#declined.has(address));
		return offered.length === 0 ? undefined : this.#offer(offered, wanted, chooseAny, signal);
	}

	/** Asks whether one of these is the camera. Undefined when none is, or when a better candidate came before the answer. */
	async #offer(
		offered: readonly Sighting[],
		wanted: CameraFilter,
		chooseAny: ChooseAny,
		signal: AbortSignal,
	): Promise<Sighting | undefined> {
		const [answered, better] = [new AbortController(), new AbortController()];
		const watching = (async () => {
			while (!answered.signal.aborted) {
				await this.sightings.changed(answered.signal);
				if ([...this.sightings.all.values()].some((sighting) => couldBeCamera(sighting, wanted))) better.abort();
			}
		})();
		try {
			const address = await chooseAny(offered.map(candidate), AbortSignal.any([signal, better.signal]));
			if (address !== null) return this.sightings.at(address);
			for (const { address } of offered) this.#declined.add(address);
			return undefined;
		} catch (error) {
			if (signal.aborted || !better.signal.aborted) throw error;
			return undefined;
		} finally {
			answered.abort();
			await watching;
		}
	}

	/** The camera at an address that was given by hand and has shown no sign of itself. */
	async #unseen(address: string): Promise<DetectedCamera> {
		const known = await this.sightings.lookUp(address);
		return detectedCamera({ address, mac: known?.mac ?? null, macShared: known?.shared ?? false }, 'flag');
	}

	/** Resolves at the next observation, after this many milliseconds, or when the signal is aborted. */
	async #changedWithin(ms: number, signal: AbortSignal): Promise<void> {
		const over = childAbort(signal);
		await Promise.race([this.sightings.changed(over.signal), this.#ports.clock.sleep(Math.min(ms, LONGEST_SLEEP_MS), over.signal)]);
		over.abort('changed');
		over.release();
	}
}
