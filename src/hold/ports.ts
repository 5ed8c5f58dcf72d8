/** What holding cameras needs of the world. */
import type { Open } from '#base/clock.ts';
import type { Emit } from '#contract/events.ts';
import type { HeldStatus, HoldStatus } from '#contract/hold-status.ts';
import type { Attempted, Job } from '#session/client.ts';
import type { KeepAliveSetting } from './rules/keep-alive.ts';

/** How a share is opened. */
export interface CameraProxyOptions {
	/** The profile's id, for status and events. */
	id: string | null;
	address: string;
	/** 0: any free one. */
	port: number;
	/** When the port is taken: use the next free one instead of failing. */
	mayMove: boolean;
	/** Operations that are passed on although they end the session for all. */
	passThrough: ReadonlySet<number>;
	/** Clients that come while there is no camera wait for it instead of being told that it is busy. */
	waitClients: boolean;
	keepalive: KeepAliveSetting;
}

/** What holding a camera takes; the share does the rest. */
export type HoldJob = Pick<Job, 'address' | 'port' | 'identity' | 'name' | 'os' | 'unlock'>;

/** A place on this computer where clients find one camera, whether it is there or not. */
export interface CameraProxy extends Open {
	readonly address: string;
	readonly port: number;
	/**
	 * One attempt to take the camera; in the session all clients use it. As `Client.connect`; emits `keepalive`, `unlock`, `client`,
	 * `withheld` and `lost`.
	 */
	connect(job: HoldJob, emit: Emit, signal: AbortSignal): Promise<Attempted>;
	status(): HeldStatus;
}

/** Opens shares. Rejects with `listenTaken`, `portExcluded`, `notOurAddress` or `cannotListen`. */
export interface CameraProxies {
	open(options: CameraProxyOptions, emit: Emit): Promise<CameraProxy>;
}

/** Where running holds find each other, and `connect` and `status` find them. */
export interface HoldRegistry {
	/** Makes this one known until closed. `status` is asked whenever somebody wants to know. Never rejects: it can be done without. */
	announce(status: () => HoldStatus): Promise<Open>;
	/** Every hold of this user that runs now; what dead ones left behind is removed. */
	list(): Promise<HoldStatus[]>;
}
