/** `completion`: a script that teaches a shell our commands; and `__complete`, which such a script asks for names. */

import { nearest } from '#base/suggest.ts';
import { printable } from '#base/text.ts';
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import type { Networks } from '#network/ports.ts';
import type { Profiles } from '#settings/ports.ts';
import type { Deps, Outcome } from '../shared/deps.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import { powershellScript } from './powershell.ts';
import { type CompletionCommand, type CompletionFlag, completionNodes, type Node } from './tree.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS: Readonly<Record<string, (nodes: readonly Node[]) => string>> = {
	bash: bashScript,
	zsh: zshScript,
	fish: fishScript,
	powershell: powershellScript,
};
export const SHELLS: readonly string[] = Object.keys(SCRIPTS);

export interface CompletionDeps extends Pick<Deps, 'out'> {
	/** The table of commands, and the flags that all of them take. */
	commands: readonly CompletionCommand[];
	globalFlags: readonly CompletionFlag[];
}

/** Prints the script for one shell. Throws `usage` for an unknown one. */
export async function run({ shell }: { shell: string }, deps: CompletionDeps): Promise<Outcome> {
	const name = shell.toLowerCase() === 'pwsh' ? 'powershell' : shell.toLowerCase();
	const script = Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined;
	if (script === undefined) {
		const meant = nearest(name, SHELLS);
		throw new CanonWifiError('usage', {
			problem: `There is no completion for "${printable(shell)}".`,
			next: meant === undefined ? `Shells are: ${SHELLS.join(', ')}.` : `Did you mean ${meant}?`,
		});
	}
	deps.out(script(completionNodes(deps.commands, deps.globalFlags)));
	return { exitCode: EXIT.done, found: { shell: name } };
}

/** Prints names, one a line, for a shell that completes. Says nothing and succeeds when they cannot be had. */
export async function complete(
	{ what }: { what: string },
	deps: Pick<Deps, 'out'> & { profiles(): Pick<Profiles, 'list'>; networks(): Pick<Networks, 'list'>; models(): readonly string[] },
): Promise<Outcome> {
	const names = namesOf(what, deps);
	if (names.length > 0) deps.out(`${[...new Set(names)].map(printable).join('\n')}\n`);
	return { exitCode: EXIT.done };
}

function namesOf(what: string, deps: Parameters<typeof complete>[1]): string[] {
	try {
		if (what === 'profiles')
			return deps
				.profiles()
				.list()
				.map(({ id }) => id);
		if (what === 'interfaces')
			return deps
				.networks()
				.list()
				.map(({ name }) => name);
		if (what === 'models') return [...deps.models()];
	} catch {
		// A shell that completes is no place to tell about settings; the command itself will.
	}
	return [];
}
