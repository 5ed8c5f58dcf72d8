/** A client that can be put on a camera, and what it is asked to do. */
import type { Emit, Learnt, Refusal } from '#contract/events.ts';
import type { Identity } from '#contract/identity.ts';
import type { ToolId } from '#contract/names.ts';
import type { Policy } from '#contract/profile.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';

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
