/** What `hold` is asked for, and whom it tells. */
import type { Learnt } from '#contract/events.ts';
import type { WatchPorts } from '#discovery/camera-watch.ts';
import type { DetectedCamera } from '#discovery/detected-camera.ts';
import type { DiscoveryPorts } from '#discovery/discovering.ts';
import type { DiscoveryRequest } from '#discovery/flow.ts';
import type { CameraFilter } from '#discovery/rules/camera-selection.ts';
import type { Diagnosis } from '#discovery/rules/hints.ts';
import type { Sighting } from '#discovery/rules/sightings.ts';
import type { CameraProxies, CameraProxy, CameraProxyOptions, HoldJob } from './ports.ts';

/** One camera to hold. */
export interface HoldTarget {
	proxy: CameraProxyOptions;
	wanted: CameraFilter;
	/** Where it was the last time. */
	lastAddress: string | null;
	/** What taking it needs; the address is filled in when it is found. */
	job: Omit<HoldJob, 'address'>;
}

export interface HoldingRequest {
	discovery: DiscoveryRequest;
	cameras: readonly HoldTarget[];
	/** How long to wait for the only camera the first time, in milliseconds. */
	limitMs: number;
	hintAfterMs: number;
}

export interface HoldingHooks {
	/** Every camera has its place; called once, before any camera is found. */
	onListening?(proxies: readonly CameraProxy[]): void;
	/** A camera was taken; called before its `connected` event is told. */
	onConnected?(index: number, camera: DetectedCamera, learnt: Learnt): void;
	/** Clients can use it now. */
	onHeld?(index: number): void;
	/** Another saved camera came than the one that is meant; it is left alone. */
	onOther?(index: number, other: Sighting): void;
	/** Nothing has been found for a while. */
	onStillWaiting?(index: number, diagnosis: Diagnosis): void;
}

export type HoldingPorts = DiscoveryPorts & WatchPorts & { proxies: CameraProxies };
