/**
 * Holding cameras: each has a place on this computer where clients find it, is taken when its user chooses this
 * computer on it, and is taken again whenever that happens anew. One answering serves them all.
 */
import type { Emit, Event } from '#contract/events.ts';
import type { WatchPorts } from '#discovery/camera-watch.ts';
import { startDiscovery } from '#discovery/discovering.ts';
import { type Observation, type OutsideSearch, recordObservation, type Sightings } from '#discovery/rules/sightings.ts';
import { CameraHolder } from './camera-holder.ts';
import type { HoldingHooks, HoldingPorts, HoldingRequest } from './hold-request.ts';
import type { CameraProxy } from './ports.ts';
import { gphoto2Port, readyLines } from './rules/listen.ts';
import { ownerOf } from './rules/route-sighting.ts';

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
	const proxies: CameraProxy[] = [];
	let holders: readonly CameraHolder[] = [];
	const stop = () => {
		for (const holder of holders) holder.stop(signal.reason);
	};
	signal.addEventListener('abort', stop, { once: true });
	try {
		signal.throwIfAborted();
		for (const { proxy } of request.cameras) proxies.push(await ports.proxies.open(proxy, emit));
		hooks.onListening?.(proxies);
		for (const [index, { id }] of request.cameras.map(({ proxy }) => proxy).entries())
			emit(listeningEvent(id, proxies[index] as CameraProxy));
		holders = request.cameras.map(
			(target, index) =>
				new CameraHolder({
					target,
					index,
					alone: request.cameras.length === 1,
					proxy: proxies[index] as CameraProxy,
					request,
					ports,
					emit,
					hooks,
				}),
		);
		const dispatch = dispatcher(holders, ports);
		const discovery = await startDiscovery(request.discovery, ports, emit, {
			observe: dispatch,
			knows: (address) => holders.some((holder) => holder.address === address || holder.watch.sightings.isCanon(address)),
		});
		for (const { watch } of holders) watch.explainBy(discovery);
		try {
			if (signal.aborted) stop();
			// One that fails ends all: only what nobody can cure is thrown.
			await Promise.all(holders.map((holder) => holder.run()));
			throw signal.reason;
		} catch (error) {
			for (const holder of holders) holder.stop(error);
			await Promise.allSettled(holders.map(({ ended }) => ended));
			throw error;
		} finally {
			await discovery.close();
		}
	} finally {
		signal.removeEventListener('abort', stop);
		await Promise.all(proxies.map((proxy) => proxy.close()));
	}
}

function listeningEvent(profile: string | null, { address, port }: CameraProxy): Event {
	return { type: 'sharing', profile, address, port, gphoto2: gphoto2Port(address, port), lines: readyLines(address, port) };
}

/**
 * What was seen goes to the camera that it belongs to; with one camera to that one, which judges by itself. Looking up a MAC
 * may take a second where a program tells it, and a camera is not kept waiting for that where it was before.
 */
function dispatcher(holders: readonly CameraHolder[], { networks }: WatchPorts): (seen: Observation | OutsideSearch) => void {
	const [only] = holders;
	/** Reports a saved camera that is not to be held to every holder that waits; none of them takes it. */
	const tellOther = (seen: Observation, mac: string) => {
		for (const { watch } of holders.filter((holder) => holder.excludes(mac))) {
			watch.observe(seen);
			watch.observe({ type: 'mac', from: seen.from, mac });
		}
	};
	if (only !== undefined && holders.length === 1) return (seen) => only.watch.observe(seen);
	// Each camera's watch hears of that camera only; who else has its MAC shows here.
	let all: Sightings = new Map();
	return (seen) => {
		if (seen.type === 'outside') {
			for (const holder of holders) holder.watch.observe(seen);
			return;
		}
		all = recordObservation(all, seen);
		const looking = networks.macOf(seen.from).catch(() => undefined);
		const here = holders.find((holder) => holder.lastHeld === seen.from);
		here?.watch.observe(seen);
		void looking.then((mac) => {
			if (mac !== undefined) all = recordObservation(all, { type: 'mac', from: seen.from, mac });
			const macShared = all.get(seen.from)?.macShared === true;
			const holder = holders[ownerOf({ address: seen.from, mac, macShared }, holders) ?? holders.length];
			if (holder === undefined && mac !== undefined) tellOther(seen, mac);
			if (holder !== here) holder?.watch.observe(seen);
			if (mac !== undefined && macShared) holder?.watch.observe({ type: 'mac', from: seen.from, mac, shared: true });
		});
	};
}
