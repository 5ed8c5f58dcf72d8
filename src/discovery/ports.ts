/** What discovery needs: a responder, a description server, and a person to ask. */
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
	ignored?: Ignored | undefined;
	/** Number of ignored searches suppressed since the last reported one: reporting is rate-limited. */
	suppressed?: number | undefined;
}

/** How a responder answers. */
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
	/** Also answer this computer's own searches (the software camera on loopback). */
	answerOwn: boolean;
	/** Whether this address is a known or likely camera. It is answered before others when there are too many. */
	preferred?: (address: string) => boolean;
}

/** A responder that is answering searches. */
export interface OpenResponder extends Open {
	/** Replaces the sockets and joins the group again, without a gap. When that fails it rejects, and the old sockets stay. */
	renew(): Promise<void>;
	/** Tests whether a camera's search would be heard, with searches that are not reported as `search`. Ends early with the signal. */
	probe(signal: AbortSignal): Promise<Heard>;
}

/** Answers searches. `open` rejects with `portTaken` or `cannotListen`. */
export interface Responder {
	open(options: ResponderOptions, on: { search(search: Search): void; failed(why: string): void }): Promise<OpenResponder>;
}

/** How the description is served. */
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
	/** Whether this address searched lately and may be about to read. When there are too many connections, others are closed first. */
	expected?: (address: string) => boolean;
}

/** What the description server reports. */
export interface DescriptionListeners {
	/** The description was read. @param suppressed reads not reported since the last reported one */
	read(from: string, userAgent: string | null, suppressed?: number): void;
}

/** A description server that is open. */
export interface OpenDescription extends Open {
	readonly port: number;
}

/** Serves the description. `open` rejects with `portTaken`, `portExcluded` or `cannotListen`. */
export interface DescriptionServer {
	open(options: DescriptionOptions, on: DescriptionListeners): Promise<OpenDescription>;
}

/** Finds the other programs that have a UDP port open, as far as the system shows them. Never rejects. */
export type OtherHolders = (port: number) => Promise<readonly PortHolder[]>;

/** A device that could be the camera, as it is offered to a person. */
export interface Candidate {
	address: string;
	mac: string | null;
	canon: boolean;
	userAgent: string | null;
}

/** Asks which of several devices is the camera; resolves to its address. Rejects with `severalCameras` when nobody can be asked. */
export type Choose = (candidates: readonly Candidate[], signal: AbortSignal) => Promise<string>;

/**
 * Asks whether one of these is the camera; resolves to its address, or `null` for none of them. Exists only where a person
 * can be asked. Rejects with the signal's reason when that ends the question.
 */
export type ChooseAny = (candidates: readonly Candidate[], signal: AbortSignal) => Promise<string | null>;
