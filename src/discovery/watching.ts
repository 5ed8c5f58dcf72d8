/** From what is seen on the network to one camera. Rules in core/sightings.ts; here are the waiting and the question. */

import type { Clock } from '#base/clock.ts';
import { withResolvers } from '#base/with-resolvers.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { EventOf } from '#contract/events.ts';
import { isCanonMac } from '#contract/oui.ts';
import type { Networks } from '#network/ports.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Answering } from './answering.ts';
import type { Candidate, Choose, ChooseAny } from './ports.ts';
import { HINTS, type Missing, missing, onlyOtherWords, TESTED } from './rules/hints.ts';
import { Outsiders, outsideWords } from './rules/outsiders.ts';
import {
	backAfter,
	type CameraBefore,
	couldBeCamera,
	isOther,
	isSameDevice,
	judgeSightings,
	type Seen,
	type SeenOutside,
	SIGHTINGS_KEPT,
	type Sighting,
	type Sightings,
	saw,
	type Wanted,
} from './rules/sightings.ts';

export interface WatchPorts {
	networks: Networks;
	clock: Clock;
	choose: Choose;
	/** Absent where nobody can be asked. */
	chooseAny?: ChooseAny;
}

export type Found = Omit<EventOf<'camera'>, 'type'>;

/** With `--camera`: how long to wait for a sign of it before it is simply tried, since a camera that is already connected no longer searches. */
const UNSEEN_GRACE_MS = 3000;

/** How often the MAC of one address is looked up at most. */
const LOOKUPS = 5;

/**
 * What shows that a camera has left its session: so long after it connected it searches and reads the description anew, or
 * searches twice so far apart (milliseconds). An assumption: no recording tells whether PowerShots search while they have
 * a session. They may do so once more around SET, and the copies of one search come within a fraction of a second.
 */
const LEFT = { afterMs: 5000, apartMs: 1000 };

/** Collects sightings and says which device is the camera. */
export class CameraWatch {
	readonly #ports: WatchPorts;
	#sightings: Sightings = new Map();
	readonly #outsiders = new Outsiders();
	/** What is announced, as far as somebody was heard from outside. */
	#announced: NetworkInterface | undefined;
	#sufficientSince: number | undefined;
	/** A camera was here, and its session has ended. */
	#wasHere = false;
	#changed = withResolvers<void>();
	/** How often the MAC of an address was looked up; the one looked up last is at the end. */
	readonly #lookups = new Map<string, number>();
	/** MACs that several devices have, also those seen before `forget`. */
	readonly #sharedMacs = new Set<string>();
	/** Of these a person has said that they are not the camera. */
	readonly #declined = new Set<string>();
	#answering: Pick<Answering, 'fault' | 'tested'> | undefined;
	/** Whom `camera` waits for. */
	#wanted: Wanted = {};
	/** The camera was taken for want of a better one. */
	#makeshift = false;

	constructor(ports: WatchPorts) {
		this.#ports = ports;
	}

	/** Takes in one thing that was seen on the network. */
	seen(seen: Seen | SeenOutside): void {
		if (seen.type === 'outside') {
			this.#announced = seen.network;
			this.#outsiders.searched(seen.from, seen.target, seen.network);
			return;
		}
		this.#take(seen);
		if (seen.type !== 'mac') void this.#learnMac(seen.from);
	}

	/** After a session the camera must show itself again: forgets all that was not seen again since then. */
	forget(since = Number.POSITIVE_INFINITY): void {
		this.#wasHere = true;
		this.#makeshift = false;
		this.#sightings = new Map([...this.#sightings].filter(([, { lastAt }]) => lastAt >= since));
		this.#sufficientSince = this.#sightings.size > 0 ? since : undefined;
		this.#lookups.clear();
		this.#outsiders.clear();
	}

	/** Has a fault of the answering told before what was seen, and that it works where nothing was. */
	explainBy(answering: Pick<Answering, 'fault' | 'tested'>): void {
		this.#answering = answering;
	}

	/** What is missing for a camera to be recognised, as of now. */
	get missing(): Missing {
		const fault = this.#answering?.fault;
		if (fault !== undefined) return fault;
		const seen = missing(this.#sightings, this.#wanted, this.#declined);
		const outside = this.#outsideWords();
		if (outside !== undefined && seen === 'nothingHeard') return { hint: 'outside', words: outside };
		const hint = seen === 'nothingHeard' && this.#wasHere ? 'notBack' : seen;
		const words = hint === 'onlyOther' ? onlyOtherWords(this.#sightings, this.#wanted) : HINTS[hint];
		if (this.#answering?.tested === true && seen === 'nothingHeard') return { hint, words: `${words} ${TESTED}` };
		return { hint, words: outside === undefined || hint === 'readNotChosen' ? words : `${words} ${outside}` };
	}

	#outsideWords(): string | undefined {
		const { addresses } = this.#outsiders;
		if (this.#announced === undefined || addresses.length === 0) return undefined;
		return outsideWords(addresses, this.#announced, this.#ports.networks.list());
	}

	/** Whether this address is that of a device of Canon, as far as is known without asking the system. */
	isCanon(address: string): boolean {
		const mac = this.#sightings.get(address)?.mac;
		return mac != null && isCanonMac(mac);
	}

	/** When something was seen of this address last, in the clock's milliseconds. */
	lastSeen(address: string): number | undefined {
		return this.#sightings.get(address)?.lastAt;
	}

	/** How often this address has read the description. */
	readsBy(address: string): number {
		return this.#sightings.get(address)?.descriptionReads ?? 0;
	}

	/** Resolves when this address has read the description more often than this, or when the signal is aborted. */
	async readMoreThan(address: string, times: number, signal: AbortSignal): Promise<void> {
		while (!signal.aborted && this.readsBy(address) <= times) await this.#next(signal);
	}

	/** Resolves when anything more is seen of this address, or when the signal is aborted. */
	async heardOf(address: string, signal: AbortSignal): Promise<void> {
		const before = this.lastSeen(address);
		while (!signal.aborted && this.lastSeen(address) === before) await this.#next(signal);
	}

	/** The camera where it is now, if that is elsewhere: a known one has another address, or a better one than was taken is there. */
	moved(camera: Found, wanted: Wanted): Found | undefined {
		const verdict = judgeSightings(this.#sightings, wanted, this.#sufficientSince, this.#ports.clock.now());
		if (!('camera' in verdict) || (verdict.because !== 'profile' && !this.#makeshift)) return undefined;
		return verdict.camera.address === camera.address ? undefined : found(verdict.camera, camera.because);
	}

	/**
	 * Waits for the camera; tells `onOther` of each saved camera that came instead, once. Throws `noCamera` after
	 * `limitMs`, `severalCameras` when nobody can be asked which.
	 * When the signal is aborted it throws the signal's reason.
	 */
	async camera(wanted: Wanted, limitMs: number, signal: AbortSignal, onOther: (other: Sighting) => void = () => {}): Promise<Found> {
		const { clock, choose, chooseAny } = this.#ports;
		this.#wanted = wanted;
		const start = clock.now();
		const told = new Set<string | null>();
		for (;;) {
			signal.throwIfAborted();
			const now = clock.now();
			for (const seen of this.#sightings.values())
				if (isOther(seen, wanted) && couldBeCamera(seen) && !told.has(seen.mac)) {
					told.add(seen.mac);
					onOther(seen);
				}
			const verdict = judgeSightings(this.#sightings, wanted, this.#sufficientSince, now);
			if ('camera' in verdict) return found(verdict.camera, verdict.because);
			if ('ask' in verdict) {
				const chosen = this.#sightings.get(await choose(verdict.ask.map(candidate), signal));
				if (chosen !== undefined) return found(chosen, 'chosen');
			}
			if ('doubtful' in verdict) {
				const offered = verdict.doubtful.filter(({ address }) => !this.#declined.has(address));
				if (chooseAny !== undefined && offered.length > 0) {
					const chosen = await this.#offer(offered, wanted, chooseAny, signal);
					if (chosen !== undefined) return found(chosen, 'chosen');
					continue;
				}
				if (chooseAny === undefined && verdict.accept !== undefined) {
					this.#makeshift = true;
					return found(verdict.accept, 'description');
				}
			}
			const left = start + limitMs - now;
			if (wanted.address !== undefined && now - start >= UNSEEN_GRACE_MS) {
				const known = await this.#lookUp(wanted.address);
				return found({ address: wanted.address, mac: known?.mac ?? null, macShared: known?.shared ?? false }, 'flag');
			}
			if (left <= 0) throw new CanonWifiError('noCamera', { seconds: Math.round(limitMs / 1000), hint: this.missing.words });
			const pause = Math.min(left, 'waitMs' in verdict ? verdict.waitMs : left, wanted.address === undefined ? left : UNSEEN_GRACE_MS);
			const stop = new AbortController();
			await Promise.race([this.#next(signal), clock.sleep(Number.isFinite(pause) ? pause : 3_600_000, stop.signal)]);
			stop.abort();
		}
	}

	/** Asks whether one of these is the camera. Nothing when it is none, or when something better came before there was an answer. */
	async #offer(offered: readonly Sighting[], wanted: Wanted, chooseAny: ChooseAny, signal: AbortSignal): Promise<Sighting | undefined> {
		const [answered, better] = [new AbortController(), new AbortController()];
		const watching = (async () => {
			while (!answered.signal.aborted) {
				await this.#next(answered.signal);
				if ([...this.#sightings.values()].some((sighting) => couldBeCamera(sighting, wanted))) better.abort();
			}
		})();
		try {
			const address = await chooseAny(offered.map(candidate), AbortSignal.any([signal, better.signal]));
			if (address !== null) return this.#sightings.get(address);
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

	/**
	 * When a camera that has a session looks for a computer all the same, it has left the session, whatever its client
	 * believes: since when, in the clock's milliseconds. Nothing when the signal is aborted before that.
	 */
	async leftSession(camera: CameraBefore, signal: AbortSignal): Promise<number | undefined> {
		const { clock } = this.#ports;
		await clock.sleep(LEFT.afterMs, signal);
		const before = this.#sightings;
		let first: number | undefined;
		while (!signal.aborted) {
			for (const sighting of this.#sightings.values()) {
				if (!isSameDevice(sighting, camera)) continue;
				const { address, searches, descriptionReads, lastAt } = sighting;
				if (searches <= (before.get(address)?.searches ?? 0)) continue;
				first ??= lastAt;
				if (lastAt - first >= LEFT.apartMs || descriptionReads > (before.get(address)?.descriptionReads ?? 0)) return first;
			}
			await this.#next(signal);
		}
		return undefined;
	}

	/**
	 * Waits, for as long as it takes, until a camera that was here before shows itself again.
	 * When the signal is aborted it throws the signal's reason.
	 */
	async back(before: CameraBefore, signal: AbortSignal): Promise<Found> {
		const { clock } = this.#ports;
		for (;;) {
			signal.throwIfAborted();
			const seen = [...this.#sightings.values()].flatMap((sighting) => {
				const after = backAfter(sighting, before);
				return after === undefined ? [] : [{ sighting, left: sighting.firstAt + after - clock.now() }];
			});
			const back = seen.findLast(({ left }) => left <= 0);
			if (back !== undefined) return found(back.sighting, before.mac === null ? 'description' : 'profile');
			if (seen.length === 0) await this.#next(signal);
			else {
				const stop = new AbortController();
				await Promise.race([this.#next(signal), clock.sleep(Math.min(...seen.map(({ left }) => left)), stop.signal)]);
				stop.abort();
			}
		}
	}

	#take(seen: Seen): void {
		this.#sightings = saw(this.#sightings, seen);
		const sighting = this.#sightings.get(seen.from);
		if (sighting?.macShared === true && sighting.mac !== null) {
			this.#sharedMacs.add(sighting.mac);
			const [first] = this.#sharedMacs;
			if (this.#sharedMacs.size > SIGHTINGS_KEPT && first !== undefined) this.#sharedMacs.delete(first);
		}
		if (sighting !== undefined && couldBeCamera(sighting)) this.#sufficientSince ??= this.#ports.clock.now();
		const { resolve } = this.#changed;
		this.#changed = withResolvers();
		resolve();
	}

	/** The neighbour table is filled by the very packet that was seen, sometimes a moment after it. */
	async #learnMac(address: string): Promise<void> {
		const times = this.#lookups.get(address) ?? 0;
		if (times >= LOOKUPS || this.#sightings.get(address)?.mac != null) return;
		this.#lookups.delete(address);
		this.#lookups.set(address, times + 1);
		const [oldest] = this.#lookups.keys();
		if (this.#lookups.size > SIGHTINGS_KEPT && oldest !== undefined) this.#lookups.delete(oldest);
		const known = await this.#lookUp(address);
		if (known !== undefined) this.#take({ type: 'mac', from: address, ...known });
	}

	/** What the system knows of an address. A MAC that several devices were seen with stays a shared one. */
	async #lookUp(address: string): Promise<{ mac: string; shared: boolean } | undefined> {
		const { networks } = this.#ports;
		const [mac, routers = []] = await Promise.all([
			networks.macOf(address).catch(() => undefined),
			networks.routers?.().catch(() => undefined),
		]);
		// A camera that makes the network itself is its router, and its MAC its own.
		const behindRouter = routers.some((router) => router.mac === mac && router.address !== address);
		return mac === undefined ? undefined : { mac, shared: this.#sharedMacs.has(mac) || behindRouter };
	}

	async #next(signal: AbortSignal): Promise<void> {
		if (signal.aborted) return;
		let stop = () => {};
		const aborted = new Promise<void>((resolve) => {
			stop = resolve;
			signal.addEventListener('abort', stop, { once: true });
		});
		await Promise.race([this.#changed.promise, aborted]);
		signal.removeEventListener('abort', stop);
	}
}

function found({ address, mac, macShared }: Pick<Sighting, 'address' | 'mac' | 'macShared'>, because: Found['because']): Found {
	const maker = mac !== null && isCanonMac(mac) ? 'Canon' : null;
	return { address, mac, maker, because, ...(macShared && { macShared }) };
}

function candidate({ address, mac, userAgent }: Sighting): Candidate {
	return { address, mac, canon: mac !== null && isCanonMac(mac), userAgent };
}
