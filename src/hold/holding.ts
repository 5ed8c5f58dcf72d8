/**
 * Holds cameras. Each camera gets a local port; hold connects whenever its owner selects this computer, and reconnects the same
 * way. One discovery serves all cameras.
 */
import type { Emit, Event } from '#contract/events.ts';
import { startDiscovery } from '#discovery/discovering.ts';
import { type Observation, type OutsideSearch, recordObservation, type Sightings } from '#discovery/rules/sightings.ts';
import type { Networks } from '#network/ports.ts';
import { CameraHolder } from './camera-holder.ts';
import type { HoldingHooks, HoldingPorts, HoldingRequest } from './hold-request.ts';
import type { CameraProxy } from './ports.ts';
import { gphoto2Port, readyLines } from './rules/listen.ts';
import { ownerOf } from './rules/route-sighting.ts';

/**
 * Holds cameras until the signal is aborted, and throws its reason. Throws what opening the ports and discovery throw. With one
 * camera also throws `noCamera` and `severalCameras`, and `cameraRefused` when it did not connect in time.
 */
export async function hold(
	request: HoldingRequest,
	ports: HoldingPorts,
	emit: Emit,
	signal: AbortSignal,
	hooks: HoldingHooks = {},
): Promise<never> {
	const proxies: CameraProxy[] = [];
	try {
		signal.throwIfAborted();
		for (const { proxy } of request.cameras) proxies.push(await ports.proxies.open(proxy, emit));
		hooks.onListening?.(proxies);
		for (const [index, proxy] of proxies.entries()) emit(sharingEvent(request.cameras[index]?.proxy.id ?? null, proxy));
		const alone = request.cameras.length === 1;
		const holders = request.cameras.map(
			(target, index) => new CameraHolder({ target, index, alone, proxy: proxies[index] as CameraProxy, request, ports, emit, hooks }),
		);
		return await discoverFor(holders, request, ports, emit, signal);
	} finally {
		await Promise.all(proxies.map((proxy) => proxy.close()));
	}
}

/** Runs discovery and all holders until one of them fails or the signal is aborted. */
async function discoverFor(
	holders: readonly CameraHolder[],
	request: HoldingRequest,
	ports: HoldingPorts,
	emit: Emit,
	signal: AbortSignal,
): Promise<never> {
	const stop = () => {
		for (const holder of holders) holder.stop(signal.reason);
	};
	signal.addEventListener('abort', stop, { once: true });
	try {
		const discovery = await startDiscovery(request.discovery, ports, emit, {
			observe: observationRouter(holders, ports.networks),
			knows: (address) => holders.some((holder) => holder.address === address || holder.watch.sightings.isCanon(address)),
		});
		for (const { watch } of holders) watch.explainBy(discovery);
		try {
			if (signal.aborted) stop();
			// One failure ends all, because a holder only throws what no other attempt can cure.
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
	}
}

function sharingEvent(profile: string | null, { address, port }: CameraProxy): Event {
	return { type: 'sharing', profile, address, port, gphoto2: gphoto2Port(address, port), lines: readyLines(address, port) };
}

/**
 * Passes each observation to the holder of the camera that it belongs to. A single holder gets everything and judges by itself.
 * Where a camera was held before it is not kept waiting for the MAC, whose look-up may take a second when a program does it.
 */
function observationRouter(holders: readonly CameraHolder[], networks: Networks): (observation: Observation | OutsideSearch) => void {
	const [only] = holders;
	if (only !== undefined && holders.length === 1) return (observation) => only.watch.observe(observation);
	/** Passes a saved camera that is not held to every holder that excludes it, so that they can report it. */
	const reportOther = (observation: Observation, mac: string) => {
		for (const { watch } of holders.filter((holder) => holder.excludes(mac))) {
			watch.observe(observation);
			watch.observe({ type: 'mac', from: observation.from, mac });
		}
	};
	// All cameras together: a holder sees only its own camera, so it cannot know who else has that MAC.
	let all: Sightings = new Map();
	return (observation) => {
		if (observation.type === 'outside') {
			for (const { watch } of holders) watch.observe(observation);
			return;
		}
		const { from } = observation;
		all = recordObservation(all, observation);
		const lookingUp = networks.macOf(from).catch(() => undefined);
		const here = holders.find((holder) => holder.lastHeld === from);
		here?.watch.observe(observation);
		void lookingUp.then((mac) => {
			if (mac !== undefined) all = recordObservation(all, { type: 'mac', from, mac });
			const macShared = all.get(from)?.macShared === true;
			const owner = holders[ownerOf({ address: from, mac, macShared }, holders) ?? holders.length];
			if (owner === undefined && mac !== undefined) reportOther(observation, mac);
			if (owner !== here) owner?.watch.observe(observation);
			if (mac !== undefined && macShared) owner?.watch.observe({ type: 'mac', from, mac, shared: true });
		});
	};
}
