/** Every command, in the order of the help. Loads no command: only their tables of flags. */
import { COMPLETE, COMPLETION } from '#commands/completion/flags.ts';
import { CONNECT } from '#commands/connect/flags.ts';
import { DEMO } from '#commands/demo/flags.ts';
import { DOCTOR } from '#commands/doctor/flags.ts';
import { HOLD } from '#commands/hold/flags.ts';
import { IDENTITY } from '#commands/identity/flags.ts';
import { PAIR } from '#commands/pair/flags.ts';
import { PROFILES } from '#commands/profiles/flags.ts';
import { SERVE } from '#commands/serve/flags.ts';
import type { CommandSpec } from '#commands/shared/command-line.ts';
import { SIMULATE } from '#commands/simulate/flags.ts';
import { STATUS } from '#commands/status/flags.ts';

export const COMMANDS: readonly CommandSpec[] = [
	PAIR,
	CONNECT,
	HOLD,
	STATUS,
	SERVE,
	PROFILES,
	IDENTITY,
	DOCTOR,
	SIMULATE,
	DEMO,
	COMPLETION,
	COMPLETE,
];
