/** What commands are given. Built in cli/providers.ts; each command names what it needs. */

import type { Clock } from '#base/clock.ts';
import type { Emit } from '#contract/events.ts';
import type { DiscoveryFlow } from '#discovery/flow.ts';
import type { HoldRegistry } from '#hold/ports.ts';
import type { Networks } from '#network/ports.ts';
import type { Tools } from '#session/client.ts';
import type { Identities, Profiles } from '#settings/ports.ts';

/**
 * Asks one question, a prompt of clack's: the screen is its own until it is answered. It must end when `stop` is aborted. Throws
 * `Stopped`, or the run's reason to stop, when it was left without an answer.
 */
export type Prompt = <T>(ask: (stop: AbortSignal) => Promise<T>) => Promise<Exclude<T, symbol>>;

/** Everything that more than one command uses. */
export interface Context {
	/** Reports an event to whoever presents. */
	emit: Emit;
	/** Absent where nobody can be asked. */
	prompt: Prompt | undefined;
	/** Writes a result to stdout. */
	out(text: string): void;
	/** Width of the terminal. */
	columns: number;
	/** The same, as it is now: a dialogue lasts, and windows are resized. */
	columnsNow(): number;
	/** stdout is for events. */
	json: boolean;
	/** stdin and stdout are both a person's terminal. */
	terminal: boolean;
	/** Aborted with `Stopped`. */
	signal: AbortSignal;
	/** This computer's host name. */
	hostname: string;
	/** Node's `process.platform`. */
	platform: string;
	clock: Clock;
	networks: Networks;
	/** The ways in which cameras are looked for. */
	flows: readonly DiscoveryFlow[];
	tools: Tools;
	/** Stops tools left over from a killed run, which would keep the camera's only connection; their names. */
	endLeftovers(): Promise<readonly string[]>;
	profiles: Profiles;
	identities: Identities;
	/** Running holds. */
	holds: HoldRegistry;
	/** The UUID of an old helper's `ptpip-canon-helper.uuid` in the current folder, with the file's name. */
	legacyUuidFile(): { file: string; uuid: string } | undefined;
	/** `--config-dir`, if it was given. */
	configDir: string | undefined;
}

/** How a command ended; `found` becomes part of the `result` event. */
export interface Outcome {
	exitCode: number;
	found?: Readonly<Record<string, unknown>>;
}
