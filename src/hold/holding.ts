/**
 * Holding cameras: each has a place on this computer where clients find it, is taken when its user chooses this
 * computer on it, and is taken again whenever that happens anew. One answering serves them all.
 */
import type { Emit, Event } from '#contract/events.ts';
import type { WatchPorts } from '#discovery/camera-watch.ts';
import { startDiscovery } from '#discovery/discovering.ts';
import { type Observation, type OutsideSearch, recordObservation, type Sightings } from '#discovery/rules/sightings.ts';
import { Held } from './held.ts';
import type { HoldingHooks, HoldingPorts, HoldingRequest } from './hold-request.ts';
import type { Share } from './ports.ts';
import { gphoto2Port, readyLines } from './rules/listen.ts';
import { whoseSighting } from './rules/whose.ts';

/**
 * Holds until the signal is aborted and throws its reason. Throws what opening and answering throw; with one camera also
 * `noCamera` and `severalCameras`, `cameraRefused` when it was not taken in time.
 */
export async function hold(
	request: HoldingRequest,
	ports: HoldingPorts,
	emit: Emit,
	signal: AbortSignal,
	hooks: HoldingHooks = {},
): Promise<never> {
	const shares: Share[] = [];
	let slots: readonly Held[] = [];
	const stop = () => {
		for (const slot of slots) slot.stop(signal.reason);
	};
	signal.addEventListener('abort', stop, { once: true });
	try {
		signal.throwIfAborted();
		for (const { share } of request.cameras) shares.push(await ports.sharing.open(share, emit));
		hooks.onShared?.(shares);
		for (const [index, { id }] of request.cameras.map(({ share }) => share).entries()) emit(sharingEvent(id, shares[index] as Share));
		slots = request.cameras.map(
			(wish, index) =>
				new Held({ wish, index, alone: request.cameras.length === 1, share: shares[index] as Share, request, ports, emit, hooks }),
		);
		const dispatch = dispatcher(slots, ports);
		const discovery = await startDiscovery(request.discovery, ports, emit, {
			observe: dispatch,
			knows: (address) => slots.some((slot) => slot.address === address || slot.watch.sightings.isCanon(address)),
		});
		for (const { watch } of slots) watch.explainBy(discovery);
		try {
			if (signal.aborted) stop();
			// One that fails ends all: only what nobody can cure is thrown.
			await Promise.all(slots.map((slot) => slot.run()));
			throw signal.reason;
		} catch (error) {
			for (const slot of slots) slot.stop(error);
			await Promise.allSettled(slots.map(({ ended }) => ended));
			throw error;
		} finally {
			await discovery.close();
		}
	} finally {
		signal.removeEventListener('abort', stop);
		await Promise.all(shares.map((share) => share.close()));
	}
}

function sharingEvent(profile: string | null, { address, port }: Share): Event {
	return { type: 'sharing', profile, address, port, gphoto2: gphoto2Port(address, port), lines: readyLines(address, port) };
}

/**
 * What was seen goes to the camera that it belongs to; with one camera to that one, which judges by itself. Looking up a MAC
 * may take a second where a program tells it, and a camera is not kept waiting for that where it was before.
 */
function dispatcher(slots: readonly Held[], { networks }: WatchPorts): (seen: Observation | OutsideSearch) => void {
	const [only] = slots;
	/** Reports a saved camera that is not to be held to every slot that waits; none of them takes it. */
	const tellOther = (seen: Observation, mac: string) => {
		for (const { watch } of slots.filter((slot) => slot.leavesAlone(mac))) {
			watch.observe(seen);
			watch.observe({ type: 'mac', from: seen.from, mac });
		}
	};
	if (only !== undefined && slots.length === 1) return (seen) => only.watch.observe(seen);
	// Each camera's watch hears of that camera only; who else has its MAC shows here.
	let all: Sightings = new Map();
	return (seen) => {
		if (seen.type === 'outside') {
			for (const slot of slots) slot.watch.observe(seen);
			return;
		}
		all = recordObservation(all, seen);
		const looking = networks.macOf(seen.from).catch(() => undefined);
		const here = slots.find((slot) => slot.lastHeld === seen.from);
		here?.watch.observe(seen);
		void looking.then((mac) => {
			if (mac !== undefined) all = recordObservation(all, { type: 'mac', from: seen.from, mac });
			const macShared = all.get(seen.from)?.macShared === true;
			const slot = slots[whoseSighting({ address: seen.from, mac, macShared }, slots) ?? slots.length];
			if (slot === undefined && mac !== undefined) tellOther(seen, mac);
			if (slot !== here) slot?.watch.observe(seen);
			if (mac !== undefined && macShared) slot?.watch.observe({ type: 'mac', from: seen.from, mac, shared: true });
		});
	};
}
