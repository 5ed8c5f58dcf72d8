/** What a flow needs of the world. Adapters implement these; `cli/wire.ts` brings the two together. */

import type { Heard, PortHolder } from '#discovery/computer/rules/hearing.ts';
import type { Ignored } from '#discovery/computer/rules/judging.ts';
import type { KeepAliveSetting } from '#hold/rules/keep-alive.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';
import type { Emit, Learnt, Refusal } from './events.ts';
import type { HeldStatus, HoldStatus } from './hold-status.ts';
import type { Identity } from './identity.ts';
import type { ToolId } from './names.ts';
import type { Policy, Profile } from './profile.ts';

/** Something opened, with one owner who closes it. Closing twice is fine; it never throws. */
export interface Open {
	close(): Promise<void>;
}

export interface Clock {
	/** Milliseconds since some fixed moment; never goes back. */
	now(): number;
	/** The time of day. */
	date(): Date;
	/** Resolves after `ms`, or at once when `signal` is aborted; never rejects. */
	sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A search that reached the responder. */
export interface Search {
	from: string;
	port: number;
	target: string;
	/** Why it got no answer; absent when it did. */
	ignored?: Ignored;
	/** Ignored searches that were not told of since the last one that was: a flood of searches is no flood of these. */
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

/** What the description server tells of. */
export interface DescriptionListeners {
	/** The description was read. `untold`: readings that were not told of since the last one that was. */
	read(from: string, userAgent: string | null, untold?: number): void;
}

/** Serves the description. `open` rejects with `portTaken`, `portExcluded` or `cannotListen`. */
export interface DescriptionServer {
	open(options: DescriptionOptions, on: DescriptionListeners): Promise<Open & { port: number }>;
}

/** Which other programs have a UDP port open, as far as that can be seen. Never rejects. */
export type OtherHolders = (port: number) => Promise<readonly PortHolder[]>;

export interface Networks {
	/** The IPv4 interfaces that are up now. */
	list(): NetworkInterface[];
	/** The MAC of a neighbour that has talked, lower case with colons, or nothing. Never sends a packet. */
	macOf(address: string): Promise<string | undefined>;
	/** The routers in use, as far as their MACs are known. */
	routers?(): Promise<readonly RouterSeen[]>;
}

/** A router: whoever shows its MAC at another address is behind it. */
export interface RouterSeen {
	address: string;
	mac: string;
}

/** What a client is to do. */
export interface Job {
	/** Camera's IPv4 address. */
	address: string;
	/** PTP-IP port, 15740 on every camera. */
	port: number;
	/** The tool's ARGS; empty: interactive. */
	args: readonly string[];
	identity: Identity;
	/** This computer's name. */
	name: string;
	/** `auto`: ask the camera. */
	os: CameraOs | 'auto';
	unlock: Policy;
	keepalive: Policy;
	/** `session`: what `connect` does. `learn`: connect once, find out about the camera, leave. */
	purpose: 'session' | 'learn';
	/** Where the tool's words go: a person's terminal, passed through, or only as events. */
	talk: 'terminal' | 'through' | 'events';
}

/** How one attempt, with the session that followed if there was one, ended. */
export type AttemptEnd =
	| { outcome: Refusal; reason?: number; said?: string }
	/** There was a session, and it ended. `lost`: not because we or the tool wished it. */
	| { outcome: 'session'; exitCode: number | null; signal: string | null; lost?: string; learnt: Learnt };

/**
 * A client that can be put on a camera: gphoto2, chdkptp or the built-in one, found and checked.
 * `attempt` makes one connection and, if the camera takes it, lives as long as the session. It emits `connected`,
 * `keepalive`, `unlock`, `toolSaid` and `lost`; it rejects with `CanonWifiError` for what no further attempt can cure.
 */
export interface Client {
	readonly tool: ToolId;
	/** Program and version, for people; `null` path for the built-in one. */
	readonly path: string | null;
	readonly version: string;
	/** Exactly what `attempt` would run, to show and to paste. */
	describe(job: Job): string;
	/** What a person should know about that command line, one sentence: what is left out of it, or why it is as it is. */
	remark?(job: Job): string | undefined;
	/** Whether these arguments make it interactive, so that it wants the terminal for itself (`--shell`, `-i`). */
	wantsTerminal(args: readonly string[]): boolean;
	attempt(job: Job, emit: Emit, signal: AbortSignal): Promise<AttemptEnd>;
}

/** What was found out about one tool on this computer, without touching any camera. */
export interface ToolFinding {
	tool: ToolId;
	state: 'usable' | 'missing' | 'withoutNetwork' | 'tooOld' | 'broken';
	path: string | null;
	version: string | null;
	/** What it lacks or why it cannot be used, one sentence; empty when there is nothing to say. */
	note: string;
	/** What to do about it; empty when there is nothing to do. */
	next: string;
}

export interface Tools {
	/** Looks for one tool. `path`: only this file. */
	find(tool: ToolId, path?: string): Promise<ToolFinding>;
	/** The client for a usable tool; throws `toolMissing`, `toolPathWrong`, `toolWithoutNetwork`, `toolTooOld`. */
	client(tool: ToolId, path?: string): Promise<Client>;
}

/** All of these throw `settingsDamaged`, `settingsNewer` or `settingsUnwritable`. */
export interface Profiles {
	list(): Profile[];
	get(id: string): Profile | undefined;
	save(profile: Profile): void;
	remove(id: string): void;
	rename(id: string, to: string): void;
	/** The file, for people. */
	readonly path: string;
}

/** What managing saved cameras needs beyond using them. Each call is one write: all of it or nothing. */
export interface ProfileStore extends Profiles {
	/** Adds these, replacing those of the same id. */
	saveAll(profiles: readonly Profile[]): void;
	/** Changes one with nobody else in between, and gives it back. Throws `noProfile`, and what `change` throws. */
	update(id: string, change: (before: Profile) => Profile): Profile;
}

export interface Identities {
	/** The saved identity, made and saved now if there was none. */
	load(): Identity;
	save(identity: Identity): void;
	exists(): boolean;
	readonly path: string;
}

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

/** How a share is opened. */
export interface ShareOptions {
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
export interface Share extends Open {
	readonly address: string;
	readonly port: number;
	/**
	 * One attempt to take the camera; when it takes us, all clients use it until it is lost or the signal is aborted.
	 * Emits `connected`, `keepalive`, `unlock`, `client`, `withheld` and `lost`.
	 */
	attempt(job: HoldJob, emit: Emit, signal: AbortSignal): Promise<AttemptEnd>;
	/** Whether the held camera still answers. One that does not within a moment is lost, and `attempt` ends. */
	answers(): Promise<boolean>;
	status(): HeldStatus;
}

/** Opens shares. Rejects with `listenTaken`, `portExcluded`, `notOurAddress` or `cannotListen`. */
export interface Sharing {
	open(options: ShareOptions, emit: Emit): Promise<Share>;
}

/** Where running holds find each other, and `connect` and `status` find them. */
export interface Holds {
	/** Makes this one known until closed. `status` is asked whenever somebody wants to know. Never rejects: it can be done without. */
	announce(status: () => HoldStatus): Promise<Open>;
	/** Every hold of this user that runs now; what dead ones left behind is removed. */
	list(): Promise<HoldStatus[]>;
}
