/** `completion`: a script that teaches a shell our commands. */

import { nearest } from '#base/suggest.ts';
import { printable } from '#base/text.ts';
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import type { CommandSpec, Flags } from '../shared/command-line.ts';
import type { Context, Outcome } from '../shared/context.ts';
import { bashScript } from './bash.ts';
import { fishScript } from './fish.ts';
import type { CompletionCall } from './flags.ts';
import { powershellScript } from './powershell.ts';
import { completionNodes, type Node } from './tree.ts';
import { zshScript } from './zsh.ts';

const SCRIPTS: Readonly<Record<string, (nodes: readonly Node[]) => string>> = {
	bash: bashScript,
	zsh: zshScript,
	fish: fishScript,
	powershell: powershellScript,
};
export const SHELLS: readonly string[] = Object.keys(SCRIPTS);

/** What `completion` and `__complete` need beyond what other commands use. */
export interface CompletionPorts {
	/** The table of commands, and the flags that all of them take. */
	commands: readonly CommandSpec[];
	globalFlags: Flags;
	/** Ids of the simulated cameras. */
	models: readonly string[];
}

export const needs = ['out', 'commands', 'globalFlags'] as const;

/** Prints the script for one shell. Throws `usage` for an unknown one. */
export async function run(
	{ shell }: Pick<CompletionCall, 'shell'>,
	context: Pick<Context & CompletionPorts, (typeof needs)[number]>,
): Promise<Outcome> {
	const name = shell.toLowerCase() === 'pwsh' ? 'powershell' : shell.toLowerCase();
	const script = Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : undefined;
	if (script === undefined) {
		const meant = nearest(name, SHELLS);
		throw new CanonWifiError('usage', {
			problem: `There is no completion for "${printable(shell)}".`,
			next: meant === undefined ? `Shells are: ${SHELLS.join(', ')}.` : `Did you mean ${meant}?`,
		});
	}
	context.out(script(completionNodes(context.commands, context.globalFlags)));
	return { exitCode: EXIT.done, found: { shell: name } };
}
