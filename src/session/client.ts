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

/** The camera did not grant a session; another attempt may succeed. */
export interface Refused {
	outcome: Refusal;
	/** Reason of an Init Fail packet. */
	reason?: number | undefined;
	/** What the camera or the tool said about it. */
	said?: string | undefined;
}

/** How a session ended. */
export interface SessionEnd {
	/** The tool's exit code; `null` when a signal or we ended it. */
	exitCode: number | null;
	/** The signal that ended the tool. */
	signal: string | null;
	/** Why the session was lost; absent when we or the tool ended it. */
	lost?: string | undefined;
	/** All that was learnt of the camera. */
	learnt: Learnt;
}

/** The client ended before there was a session, and no other attempt would change that: a wrong option, or `--version`. */
export interface Finished {
	outcome: 'finished';
	end: SessionEnd;
}

/** A session that the camera granted to a client. */
export interface Session {
	outcome: 'session';
	/** What was learnt of the camera so far. */
	readonly info: Learnt;
	/**
	 * Lets the client work: its events, output and input are held back until then, so that the `connected` event comes first.
	 * To be called once.
	 */
	begin(): void;
	/** Settles when the session is over and closed. Rejects with `CanonWifiError` for what no other attempt can cure. */
	readonly ended: Promise<SessionEnd>;
	/** Ends the session in order: what is under way may finish within its time limit. `ended` resolves then. */
	close(): void;
	/** Whether the camera still answers; absent where the client cannot ask. A camera that does not answer is lost, and `ended` resolves. */
	answers?(): Promise<boolean>;
}

export type Attempted = Refused | Finished | Session;

/**
 * A client that can be put on a camera: gphoto2, chdkptp or the built-in one, found and checked.
 */
export interface Client {
	readonly tool: ToolId;
	/** Program and version, for people; `null` path for the built-in one. */
	readonly path: string | null;
	readonly version: string;
	/** Exactly what `connect` would run, to show and to paste. */
	describe(job: Job): string;
	/** What a person should know about that command line, one sentence: what is left out of it, or why it is as it is. */
	remark?(job: Job): string | undefined;
	/** Whether these arguments make it interactive, so that it wants the terminal for itself (`--shell`, `-i`). */
	wantsTerminal(args: readonly string[]): boolean;
	/**
	 * Makes one connection. Emits `toolSaid` and `warning` on the way, and in the session `keepalive`, `unlock`, `toolSaid` and
	 * `lost`, but never `connected`: that is the caller's. Aborting the signal gives the attempt up, and rejects with its reason;
	 * it does not end a session that stands. Rejects with `CanonWifiError` for what no other attempt can cure.
	 */
	connect(job: Job, emit: Emit, signal: AbortSignal): Promise<Attempted>;
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
