/**
 * What happened, in the past tense: the one vocabulary of the flows, the presenters and `--json`.
 * docs/events.md is the public contract of these shapes. Within `v: 1` fields are added, never renamed.
 */

import type { CameraOs } from '#protocol/chdk/os.ts';
import type { HeldStatus } from './hold-status.ts';
import type { ToolId } from './names.ts';
import type { Profile } from './profile.ts';
import type { WarningCode } from './warnings.ts';

/** Why a search gets no answer. */
export type Ignored = 'ownAddress' | 'otherSubnet' | 'otherTarget' | 'tooMany';

/** What a client found out about the camera. `null`: not known. */
export interface CameraInfo {
	model: string | null;
	serial: string | null;
	firmware: string | null;
	/** CHDK's protocol version ("2.9"), "present" when the client sees only that it is there, `false` when it is not. */
	chdk: string | false | null;
	os: CameraOs | null;
}

/** How one attempt to connect failed. */
export type Refusal =
	/** TCP refused or reset: the camera's port is not open (yet). */
	| 'refused'
	/** Init Fail: the camera is there and does not take this computer (yet). */
	| 'rejected'
	/** Nothing came back within the client's limits. */
	| 'noAnswer';

export type Event =
	/** Cameras can find this computer now. */
	| {
			type: 'ready';
			interface: string;
			address: string;
			name: string;
			uuid: string;
			ssdpPort: number;
			/** URL of the description, as cameras get it. */
			location: string;
	  }
	/** A device searched. `ignored` says why it got no answer. */
	| {
			type: 'search';
			from: string;
			port: number;
			target: string;
			answered: boolean;
			ignored?: Ignored | undefined;
			/** Ignored searches left out since the last one that was reported. */
			untold?: number | undefined;
	  }
	/** A device read the description. */
	| {
			type: 'description';
			from: string;
			userAgent: string | null;
			/** Reads left out since the last one that was reported: there may be very many. */
			untold?: number | undefined;
	  }
	/** This address is taken to be the camera. */
	| {
			type: 'camera';
			address: string;
			mac: string | null;
			/** The maker its MAC stands for, if that is Canon. */
			maker: 'Canon' | null;
			because: 'description' | 'profile' | 'chosen' | 'flag';
			/** Other devices show this MAC too: it is a repeater's or a router's, not the camera's own. */
			macShared?: true | undefined;
	  }
	/** One attempt to connect. `outcome` is absent when it starts. */
	| {
			type: 'attempt';
			number: number;
			tool: ToolId;
			address: string;
			outcome?: Refusal | undefined;
			/** Init Fail's reason, if the client reports it. */
			reason?: number | undefined;
			/** What the client says about it, part of a sentence; may contain text from outside. */
			said?: string | undefined;
	  }
	| ({ type: 'connected'; tool: ToolId; address: string; via?: 'hold' } & CameraInfo)
	/** The operation that keeps the camera from timing out has been done. */
	| { type: 'keepalive'; tool: ToolId; operation: string }
	/** The screen and buttons were unlocked, or why not. */
	| {
			type: 'unlock';
			tool: ToolId;
			done: boolean;
			levent?: number;
			os?: CameraOs;
			why?: 'noChdk' | 'toolCannot' | 'off' | 'failed';
	  }
	/** A line that the tool printed. */
	| { type: 'toolSaid'; tool: ToolId; stream: 'stdout' | 'stderr'; line: string }
	/** A file is on its way or done (builtin client). Sizes in bytes. */
	| { type: 'transfer'; file: string; to: string; bytes: number; total: number; state: 'running' | 'done' | 'skipped' }
	/** Clients on this computer can be pointed at this address: the camera is shared there (hold). */
	| {
			type: 'sharing';
			profile: string | null;
			address: string;
			port: number;
			/** What gphoto2 calls it: `ptpip:127.0.0.1`. */
			gphoto2: string;
			/** Ready-made command lines. */
			lines: readonly string[];
	  }
	/** A client of a shared camera came or went. `port` is the shared one; bytes are those of its data phases. */
	| {
			type: 'client';
			state: 'connected' | 'left' | 'cut' | 'refused';
			number: number;
			port: number;
			from: string;
			name: string;
			why?: string;
			operations?: number;
			bytesIn?: number;
			bytesOut?: number;
	  }
	/** An operation that would have ended the camera's session for all clients was answered instead of passed on. */
	| { type: 'withheld'; client: number; port: number; operation: string; answer: string }
	/** One camera of a running hold (status). Ages in seconds. */
	| ({ type: 'held'; pid: number } & HeldStatus)
	/** The session ended without being asked to. */
	| { type: 'lost'; address: string; why: string }
	/** The session, and with it the tool, ended. */
	| { type: 'ended'; tool: ToolId; exitCode: number | null; signal: string | null }
	| ({ type: 'profile' } & Profile)
	/** What the person is to do on the camera now. */
	| { type: 'instruction'; step: 'openMenu' | 'pressSet'; text: string }
	/** One thing that `doctor` looked at. `next` is empty when there is nothing to do. */
	| { type: 'check'; topic: string; state: 'ok' | 'info' | 'warn' | 'error'; text: string; next: string }
	| { type: 'warning'; code: WarningCode; message: string; next?: string | undefined }
	| { type: 'error'; code: string; message: string; next: string; exitCode: number }
	/** Always the last line. Commands add what they found out. */
	| { type: 'result'; command: string; ok: boolean; exitCode: number; [found: string]: unknown };

export type EventType = Event['type'];
/** The event of one type. */
export type EventOf<T extends EventType> = Extract<Event, { type: T }>;
/** Reports what happened. Synchronous and returns nothing: a slow terminal must not slow a protocol. */
export type Emit = (event: Event) => void;
