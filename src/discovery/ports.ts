/** What finding a camera needs of the world: being found, and a person to ask. */
import type { Open } from '#base/clock.ts';
import type { Ignored } from '#contract/events.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Heard, PortHolder } from './computer/rules/hearing.ts';

/** A search that reached the responder. */
export interface Search {
	from: string;
	port: number;
	target: string;
	/** Why it got no answer; absent when it did. */
	ignored?: Ignored;
	/** Number of ignored searches suppressed since the last reported one: reporting is rate-limited. */
	untold?: number;
}

export interface ResponderOptions {
	/** Interface whose address is announced. */
	network: NetworkInterface;
	/** Also join the group on all other interfaces (`--bind-all`); the announced address stays the same. */
	bindAll: boolean;
	/** UDP port; 1900 is the only one that cameras know. */
	port: number;
	uuid: string;
	location: string;
	/** Seconds for Cache-Control. */
	maxAge: number;
	/** Answer this computer's own searches too (the software camera on loopback). */
	answerOwn: boolean;
	/** Whether this address is known to be a camera, or likely to be: it is answered before others when there are too many. */
	preferred?: (address: string) => boolean;
}

/** Searches are answered. */
export interface OpenResponder extends Open {
	/** Opens the sockets and joins the group again, without a moment in which nobody listens. Rejects when that does not work; then all is as before. */
	renew(): Promise<void>;
	/** Whether a camera's search would be heard: sends searches of its own, which are no `search`. Ends early with the signal. */
	probe(signal: AbortSignal): Promise<Heard>;
}

/** Answers searches. `open` rejects with `portTaken` or `cannotListen`. */
export interface Responder {
	open(options: ResponderOptions, on: { search(search: Search): void; failed(why: string): void }): Promise<OpenResponder>;
}

export interface DescriptionOptions {
	/** Address to bind: the announced one, or 0.0.0.0. */
	bind: string;
	/** Wanted port. */
	port: number;
	/** When the port is taken: use the next free one instead of failing. */
	mayMove: boolean;
	/** Path without the leading slash. */
	path: string;
	uuid: string;
	/** Name on the camera's screen. */
	name: string;
	/** Whether this address searched lately, so that it may be about to read: when there are too many connections, others go first. */
	expected?: (address: string) => boolean;
}

/** What the description server reports. */
export interface DescriptionListeners {
	/** The description was read. `untold`: reads suppressed since the last reported one. */
	read(from: string, userAgent: string | null, untold?: number): void;
}

/** The description is served on this port. */
export interface OpenDescription extends Open {
	readonly port: number;
}

/** Serves the description. `open` rejects with `portTaken`, `portExcluded` or `cannotListen`. */
export interface DescriptionServer {
	open(options: DescriptionOptions, on: DescriptionListeners): Promise<OpenDescription>;
}

/** Which other programs have a UDP port open, as far as that can be seen. Never rejects. */
export type OtherHolders = (port: number) => Promise<readonly PortHolder[]>;

/** A device that could be the camera, for the question which it is. */
export interface Candidate {
	address: string;
	mac: string | null;
	canon: boolean;
	userAgent: string | null;
}

/** Which of several devices is the camera. Rejects with `severalCameras` when nobody can be asked. */
export type Choose = (candidates: readonly Candidate[], signal: AbortSignal) => Promise<string>;

/**
 * Whether one of these is the camera at all, and which: its address, or `null` for none of them. Only where a person can
 * be asked. Rejects with the signal's reason when that ends the question.
 */
export type ChooseAny = (candidates: readonly Candidate[], signal: AbortSignal) => Promise<string | null>;
