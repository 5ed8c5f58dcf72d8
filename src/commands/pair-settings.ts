/** What `pair` is called with, and what is settled before anything is opened. */
import type { Identity } from '../core/identity.ts';
import type { NetworkInterface } from '../core/networks.ts';
import type { Profile, ToolChoice } from '../core/profile.ts';
import type { Client } from '../flows/ports.ts';
import type { CameraFlags, NetworkFlags } from './camera-request.ts';

export type PairFlags = NetworkFlags & CameraFlags & { configDir?: string };

/** Everything that had to be known before anything is opened. */
export interface Settled {
	network: NetworkInterface;
	identity: Identity;
	name: string;
	client: Client | null;
	tool: ToolChoice;
	before: Profile | undefined;
}
