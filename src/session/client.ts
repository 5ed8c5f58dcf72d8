/** A client that connects to a camera, and its session. */
import type { CameraInfo, Emit, Refusal } from '#contract/events.ts';
import type { Identity } from '#contract/identity.ts';
import type { ToolId } from '#contract/names.ts';
import type { Policy } from '#contract/profile.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';

/** What a client has to do. */
export interface Job {
	/** Camera's IPv4 address. */
	address: string;
	/** PTP-IP port, 15740 on every camera. */
	port: number;
	/** Arguments for the tool; empty for an interactive one. */
	args: readonly string[];
	identity: Identity;
	/** This computer's name. */
	name: string;
	/** The camera's system; `auto`: ask the camera. */
	os: CameraOs | 'auto';
	unlock: Policy;
	keepalive: Policy;
	/** `session`: what `connect` does. `learn`: connect once, find out about the camera, and disconnect. */
	purpose: 'session' | 'learn';
	/** Where the tool's output goes: to a terminal, passed through, or only into events. */
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
	learnt: CameraInfo;
}

/** The client ended without a session, and another attempt would not change that: for example a wrong option, or `--version`. */
export interface Finished {
	outcome: 'finished';
	end: SessionEnd;
}

/** A session that the camera granted to a client. */
export interface Session {
	outcome: 'session';
	/** What was learnt of the camera so far. */
	readonly info: CameraInfo;
	/**
	 * Lets the client work. Its events, output and input are held back until then, so that the `connected` event comes first. Must
	 * be called once.
	 */
	begin(): void;
	/** Resolves when the session is over and closed. Rejects with `CanonWifiError` for what no other attempt can cure. */
	readonly ended: Promise<SessionEnd>;
	/** Ends the session in an orderly way: what is under way may finish within its time limit. Then `ended` resolves. */
	close(): void;
	/** Whether the camera still answers; absent where the client cannot ask. If it does not, it is lost and `ended` resolves. */
	answers?(): Promise<boolean>;
}

/** The result of one attempt. */
export type Attempted = Refused | Finished | Session;

/** A client that can connect to a camera: gphoto2, chdkptp or the built-in one, found and checked. */
export interface Client {
	readonly tool: ToolId;
	/** Path of the program; `null` for the built-in one. */
	readonly path: string | null;
	readonly version: string;
	/** The exact command line that `connect` would run, to show and to paste. */
	describe(job: Job): string;
	/** What a person should know about that command line, in one sentence: what it leaves out, or why it is as it is. */
	remark?(job: Job): string | undefined;
	/** Whether these arguments make it interactive (`--shell`, `-i`), so that it needs the terminal for itself. */
	wantsTerminal(args: readonly string[]): boolean;
	/**
	 * Makes one attempt to connect. Emits `toolSaid` and `warning` on the way, and `keepalive`, `unlock`, `toolSaid` and `lost` in
	 * the session. Never emits `connected`: the caller does. Aborting the signal gives the attempt up, and rejects with its reason;
	 * it does not end a session. Rejects with `CanonWifiError` for what no other attempt can cure.
	 */
	connect(job: Job, emit: Emit, signal: AbortSignal): Promise<Attempted>;
}

/** What was found out about one tool on this computer, without any camera. */
export interface ToolFinding {
	tool: ToolId;
	state: 'usable' | 'missing' | 'withoutNetwork' | 'tooOld' | 'broken';
	path: string | null;
	version: string | null;
	/** What it lacks or why it cannot be used, in one sentence; empty when there is nothing to say. */
	note: string;
	/** What to do about it; empty when there is nothing to do. */
	next: string;
}

/** Finds the tools on this computer. */
export interface Tools {
	/** Looks for one tool. `path`: only this file. */
	find(tool: ToolId, path?: string): Promise<ToolFinding>;
	/** Makes the client for a usable tool. Rejects with `toolMissing`, `toolPathWrong`, `toolWithoutNetwork`, `toolTooOld`. */
	client(tool: ToolId, path?: string): Promise<Client>;
}
