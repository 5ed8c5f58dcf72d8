/** `__complete`: what the completion scripts ask for names. */
import { printable } from '#base/text.ts';
import { EXIT } from '#contract/errors.ts';
import type { Context, Outcome } from '../shared/context.ts';
import type { CompleteCall } from './flags.ts';
import type { CompletionPorts } from './run.ts';

/** Prints names, one a line, for a shell that completes. Says nothing and succeeds when they cannot be had. */
export async function run({ what }: CompleteCall, context: CompleteContext): Promise<Outcome> {
	const names = namesOf(what, context);
	if (names.length > 0) context.out(`${[...new Set(names)].map(printable).join('\n')}\n`);
	return { exitCode: EXIT.done };
}

export const needs = ['out', 'profiles', 'networks', 'models'] as const;

type CompleteContext = Pick<Context, 'out'> & Pick<CompletionPorts, 'models'> & Listed;
interface Listed {
	profiles: Pick<Context['profiles'], 'list'>;
	networks: Pick<Context['networks'], 'list'>;
}

function namesOf(what: string, { profiles, networks, models }: CompleteContext): string[] {
	try {
		if (what === 'profiles') return profiles.list().map(({ id }) => id);
		if (what === 'interfaces') return networks.list().map(({ name }) => name);
		if (what === 'models') return [...models];
	} catch {
		// A shell that completes is no place to report damaged settings; the command itself will.
	}
	return [];
}
