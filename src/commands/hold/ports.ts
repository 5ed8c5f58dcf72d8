/** What `hold` needs beyond what other commands use. */
import type { HoldStatus } from '#contract/hold-status.ts';

/** A program of the user's that runs while the camera is held. */
export interface CommandRun {
	/** Its exit code, 128 + n for a signal. Rejects with `usage` when it cannot be started. */
	readonly ended: Promise<number>;
	stop(): Promise<void>;
}

/** Shows what goes on, beside the events. */
export interface HoldView {
	close(): void;
}

export interface HoldPorts {
	pid: number;
	/** Why a command cannot be started, a sentence part; nothing when it can. */
	commandProblem(file: string): Promise<string | undefined>;
	runCommand(command: readonly string[], env: Readonly<Record<string, string>>): CommandRun;
	view(status: () => HoldStatus): HoldView;
}
