/**
 * The seam between finding a camera and the ways in which cameras let themselves be found. Canon has three Wi-Fi functions:
 * computer, EOS, smartphone. Each way is one `DiscoveryFlow`; several may be open at once on one network.
 */

import type { Open } from '#base/clock.ts';
import type { Emit } from '#contract/events.ts';
import type { Identity } from '#contract/identity.ts';
import type { WantedNetwork } from '#network/rules/choosing-network.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Observation, OutsideSearch } from './rules/sightings.ts';

/** What is to be found, on which network, and as whom. Plain data. */
export interface DiscoveryRequest {
	network: NetworkInterface;
	/** How the network was chosen, so that the same choice can be made again; absent: it was the only one. */
	wanted?: WantedNetwork | undefined;
	identity: Identity;
	/** This computer's name on the camera's screen. */
	name: string;
	/** UDP port of SSDP; 1900 is the only one that cameras know. */
	ssdpPort: number;
	/** Join the group on all interfaces, and serve the description on all addresses. */
	bindAll: boolean;
	/** Take notice of this computer's own addresses (a simulated camera on loopback). */
	answerOwn: boolean;
	/** Where the computer flow serves its description. `serve: false`: somebody else does (`--no-start-desc`). */
	description: { port: number; mayMove: boolean; path: string; serve: boolean };
	/** Seconds for which an answer to a search is good. */
	maxAge: number;
}

/** What keeps cameras from being heard, with what to do; for people. */
export interface HearingFault {
	message: string;
	next: string;
}

/** What a flow is given and whom it reports to. */
export interface FlowContext {
	request: DiscoveryRequest;
	/** The network to be found on; it may differ from the requested one when that has changed. */
	network: NetworkInterface;
	emit: Emit;
	/** Takes in one thing that was seen of a device. */
	observe(what: Observation | OutsideSearch): void;
	/** Whether this address is a known camera's, which comes before strangers. */
	knows(address: string): boolean;
	/** It has stopped working and must be opened again. */
	failed(why: string): void;
	/** Aborted when discovery ends. */
	signal: AbortSignal;
}

/** A flow that is open on one network. */
export interface OpenFlow extends Open {
	/** To be called every few seconds: does what is due. Rejects when the flow must be opened again. */
	upkeep(): Promise<void>;
	/** Why nothing can be heard, as far as is known. */
	readonly fault: HearingFault | undefined;
	/** A test of our own has shown that cameras would be heard. */
	readonly tested: boolean;
}

/** One way in which cameras are found. */
export interface DiscoveryFlow {
	readonly flow: 'computer' | 'eos' | 'smartphone';
	/** Rejects with `portTaken` or `cannotListen` when cameras could not be found this way. */
	open(context: FlowContext): Promise<OpenFlow>;
}
