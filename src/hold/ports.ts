/** What holding cameras needs. */
import type { Open } from '#base/clock.ts';
import type { Emit } from '#contract/events.ts';
import type { HeldStatus, HoldStatus } from '#contract/hold-status.ts';
import type { Attempted, Job } from '#session/client.ts';
import type { KeepAliveSetting } from './rules/keep-alive.ts';

/** How a camera proxy is opened. */
export interface CameraProxyOptions {
	/** The profile's id, for status and events. */
	id: string | null;
	address: string;
	/** TCP port; 0 for any free one. */
	port: number;
	/** When the port is taken: use the next free one instead of failing. */
	mayMove: boolean;
	/** Operations that are forwarded although they end the session for everyone. */
	passThrough: ReadonlySet<number>;
	/** Clients that connect while there is no camera wait for it, instead of being refused as busy. */
	waitClients: boolean;
	keepalive: KeepAliveSetting;
}

/** What connecting to a camera needs. */
export type HoldJob = Pick<Job, 'address' | 'port' | 'identity' | 'name' | 'os' | 'unlock'>;

/** A port on this computer where clients find one camera, whether it is connected or not. */
export interface CameraProxy extends Open {
	readonly address: string;
	readonly port: number;
	/**
	 * Makes one attempt to connect to the camera. In the session all clients use it. Otherwise as `Client.connect`. Emits
	 * `keepalive`, `unlock`, `client`, `withheld` and `lost`.
	 */
	connect(job: HoldJob, emit: Emit, signal: AbortSignal): Promise<Attempted>;
	/** The camera's part of the hold's status. */
	status(): HeldStatus;
}

/** Opens camera proxies. `open` rejects with `listenTaken`, `portExcluded`, `notOurAddress` or `cannotListen`. */
export interface CameraProxies {
	open(options: CameraProxyOptions, emit: Emit): Promise<CameraProxy>;
}

/** The running holds of this user, where `connect`, `status` and other holds find them. */
export interface HoldRegistry {
	/** Announces this hold until closed. `status` is called for each request. Never rejects, because a hold works without it. */
	announce(status: () => HoldStatus): Promise<Open>;
	/** Lists the holds that run now, and removes what dead ones left behind. */
	list(): Promise<HoldStatus[]>;
}
