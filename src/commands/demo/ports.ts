/** What `demo` needs beyond what other commands use. */

/** A run of this very program as a process of its own. */
export interface SelfRun {
	/** Its exit code, when it has ended. */
	ended: Promise<number>;
	stop(): void;
}

export interface DemoPorts {
	/** Starts this program with `--json` and these arguments; `on` gets its events (those of `simulate` have types of their own). */
	self(args: readonly string[], on: (event: { type: string; [field: string]: unknown }) => void): SelfRun;
	/** An empty folder of our own, and how to remove it. */
	folder(): Promise<{ path: string; remove(): Promise<void> }>;
	/** Files below a folder, with their sizes in bytes. */
	filesBelow(folder: string): Promise<readonly { name: string; bytes: number }[]>;
	join(...parts: string[]): string;
}
