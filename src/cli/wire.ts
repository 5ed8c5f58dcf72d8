/** Runs one call: loads its command, gives it what it names, and closes what was opened for it. */
import type { COMPLETE, COMPLETION } from '#commands/completion/flags.ts';
import type { CONNECT } from '#commands/connect/flags.ts';
import type { DEMO } from '#commands/demo/flags.ts';
import type { DOCTOR } from '#commands/doctor/flags.ts';
import type { HOLD } from '#commands/hold/flags.ts';
import type { IDENTITY } from '#commands/identity/flags.ts';
import type { PAIR } from '#commands/pair/flags.ts';
import type { PROFILES } from '#commands/profiles/flags.ts';
import type { SERVE } from '#commands/serve/flags.ts';
import type { CallOf, CommandSpec, GroupCallOf } from '#commands/shared/command-line.ts';
import type { Outcome } from '#commands/shared/context.ts';
import type { SIMULATE } from '#commands/simulate/flags.ts';
import type { STATUS } from '#commands/status/flags.ts';
import { type CliContext, type Ports, provide } from './providers.ts';

/** A command's file: what it needs, and what it does with that. */
interface CommandModule<C, N extends keyof Ports> {
	needs: readonly N[];
	run(call: C, context: Pick<Ports, N>): Promise<Outcome>;
}

type Runner = (cli: CliContext) => Promise<Outcome>;
type CallFor<S extends CommandSpec> = S extends { subcommands: readonly CommandSpec[] } ? GroupCallOf<S> : CallOf<S>;

/** A command that is loaded when it runs. Its type follows from its table of flags, by which the call was checked when it was parsed. */
function command<S extends CommandSpec>() {
	return <N extends keyof Ports>(load: () => Promise<CommandModule<CallFor<S>, N>>): Runner =>
		async (cli) => {
			const { command: words, arguments: given, flags, rest } = cli.call;
			const { needs, run } = await load();
			const provided = await provide(needs, cli);
			try {
				return await run({ do: words[1], ...given, flags, rest } as unknown as CallFor<S>, provided.ports);
			} finally {
				provided.close();
			}
		};
}

const RUNNERS: Readonly<Record<string, Runner>> = {
	pair: command<typeof PAIR>()(() => import('#commands/pair/run.ts')),
	connect: command<typeof CONNECT>()(() => import('#commands/connect/run.ts')),
	hold: command<typeof HOLD>()(() => import('#commands/hold/run.ts')),
	status: command<typeof STATUS>()(() => import('#commands/status/run.ts')),
	serve: command<typeof SERVE>()(() => import('#commands/serve/run.ts')),
	profiles: command<typeof PROFILES>()(() => import('#commands/profiles/run.ts')),
	identity: command<typeof IDENTITY>()(() => import('#commands/identity/run.ts')),
	doctor: command<typeof DOCTOR>()(() => import('#commands/doctor/run.ts')),
	simulate: command<typeof SIMULATE>()(() => import('#commands/simulate/run.ts')),
	demo: command<typeof DEMO>()(() => import('#commands/demo/run.ts')),
	completion: command<typeof COMPLETION>()(() => import('#commands/completion/run.ts')),
	__complete: command<typeof COMPLETE>()(() => import('#commands/completion/complete.ts')),
};

/** Runs one call. Rejects with `CanonWifiError` or `Stopped`. */
export async function runCall(cli: CliContext): Promise<Outcome> {
	const [name = ''] = cli.call.command;
	const runner = RUNNERS[name];
	if (runner === undefined) throw new Error(`no such command: ${name}`);
	return runner(cli);
}
