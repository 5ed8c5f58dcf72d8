/** What `pair` is called with, and what is settled before anything is opened. */
import type { Identity } from '#contract/identity.ts';
import type { Profile, ToolChoice } from '#contract/profile.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Client } from '#session/client.ts';
import type { CameraFlags, NetworkFlags } from '../shared/camera-request.ts';

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
