/** The command lines of `completion`, and of what its scripts ask. */
import { type CallOf, defineCommand } from '../shared/command-line.ts';

export const COMPLETION = defineCommand({
	name: 'completion',
	summary: 'print completion for your shell',
	arguments: {
		shell: { required: true, choices: ['bash', 'zsh', 'fish', 'powershell'], description: 'bash, zsh, fish or powershell' },
	},
	examples: ['source <(canon-wifi completion bash)', 'canon-wifi completion fish > ~/.config/fish/completions/canon-wifi.fish'],
});

export const COMPLETE = defineCommand({
	name: '__complete',
	summary: 'print names for shell completion',
	arguments: { what: { required: true, description: 'profiles, interfaces or models' } },
	hidden: true,
});

export type CompletionCall = CallOf<typeof COMPLETION>;
export type CompleteCall = CallOf<typeof COMPLETE>;
