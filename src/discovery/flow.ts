/**
 * The interface of the ways in which cameras are found. Canon has three Wi-Fi functions: computer, EOS, smartphone. Each is one
 * `DiscoveryFlow`, and several may be open at once on one network.
 */

import type { Open } from '#base/clock.ts';
import type { Emit } from '#contract/events.ts';
import type { Identity } from '#contract/identity.ts';
import type { Warning } from '#contract/warnings.ts';
import type { WantedNetwork } from '#network/rules/choosing-network.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Observation, OutsideSearch } from './rules/sightings.ts';

/** Where to look for cameras, and how this computer presents itself. Plain data. */
export interface DiscoveryRequest {
	network: NetworkInterface;
	/** How the network was chosen, so that the same choice can be made again; absent when it was the only one. */
	wanted?: WantedNetwork | undefined;
	identity: Identity;
	/** This computer's name on the camera's screen. */
	name: string;
	/** UDP port of SSDP; 1900 is the only one that cameras know. */
	ssdpPort: number;
	/** Join the multicast group on all interfaces, and serve the description on all addresses. */
	bindAll: boolean;
	/** Also answer this computer's own searches (a simulated camera on loopback). */
	answerOwn: boolean;
	/** Where the computer flow serves its description. `serve: false`: another program does (`--no-start-desc`). */
	description: { port: number; mayMove: boolean; path: string; serve: boolean };
	/** max-age of answers to searches, in seconds. */
	maxAge: number;
}

/** What a flow is given, and where it reports. */
export interface FlowContext {
	request: DiscoveryRequest;
	/** The network to use. It differs from the requested one when that has changed. */
	network: NetworkInterface;
	emit: Emit;
	/** Takes in one observation. */
	observe(observation: Observation | OutsideSearch): void;
	/** Whether this address is a known camera's, which is answered before others. */
	knows(address: string): boolean;
	/** Reports that the flow has stopped working and must be opened again. */
	failed(why: string): void;
	/** Aborted when discovery ends. */
	signal: AbortSignal;
}

/** A flow that is open on one network. */
export interface OpenFlow extends Open {
	/** Does what is due; called every few seconds. Rejects when the flow must be opened again. */
	upkeep(): Promise<void>;
	/** Why nothing is heard, if so. */
	readonly fault: Warning<'notHeard'> | undefined;
	/** The last test search was heard, so cameras would be heard too. */
	readonly tested: boolean;
}

/** One way in which cameras are found. */
export interface DiscoveryFlow {
	readonly flow: 'computer' | 'eos' | 'smartphone';
	/** Rejects with `portTaken` or `cannotListen` when cameras could not be found this way. */
	open(context: FlowContext): Promise<OpenFlow>;
}
