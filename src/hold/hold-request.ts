/** What `hold` is asked to do, and what it reports. */
import type { CameraInfo } from '#contract/events.ts';
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
	/** Its last address. */
	lastAddress: string | null;
	/** What connecting needs; the address is added when the camera is found. */
	job: Omit<HoldJob, 'address'>;
}

/** The cameras to hold, and how to find them. */
export interface HoldingRequest {
	discovery: DiscoveryRequest;
	cameras: readonly HoldTarget[];
	/** How long to wait for the only camera to connect for the first time, in milliseconds. */
	limitMs: number;
	/** When to report what is missing, in milliseconds. */
	hintAfterMs: number;
}

/** Called as things happen. */
export interface HoldingHooks {
	/** A camera was found; the attempts on it begin. */
	onCamera?(index: number, camera: DetectedCamera): void;
	/** Every camera has its port. Called once, before any camera is found. */
	onListening?(proxies: readonly CameraProxy[]): void;
	/** A camera was connected; called before the `connected` event. */
	onConnected?(index: number, camera: DetectedCamera, learnt: CameraInfo): void;
	/** Clients can use the camera now. */
	onHeld?(index: number): void;
	/** A saved camera came that is not wanted; it is left alone. */
	onOther?(index: number, other: Sighting): void;
	/** No camera has been found for a while. */
	onStillWaiting?(index: number, diagnosis: Diagnosis): void;
}

/** What `hold` needs. */
export type HoldingPorts = DiscoveryPorts & WatchPorts & { proxies: CameraProxies };
