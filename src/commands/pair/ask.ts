/** The wizard's questions. All of them come before anything is opened; a flag answers before a question does. */

import { wrap } from '#base/table.ts';
import { printable } from '#base/text.ts';
import { judgeName } from '#contract/identity.ts';
import { TOOL_NAMES } from '#contract/names.ts';
import { profileIdProblem, type ToolChoice } from '#contract/profile.ts';
import type { NetworkChoice } from '#network/rules/choosing-network.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Client, ToolFinding } from '#session/client.ts';
import { confirm } from '../shared/confirm.ts';
import type { Context, Prompt } from '../shared/context.ts';
import { askNetwork, networkWords } from '../shared/questions.ts';
import type { AfterPairing } from './flags.ts';

/** What the wizard asks. The set-up is asked before anything is opened, the rest when the camera is there. */
export interface PairQuestions {
	/** The network; only shown when it is clear. */
	network(choice: NetworkChoice): Promise<NetworkInterface>;
	/** This computer's name on the camera's screen. */
	name(suggested: string): Promise<string>;
	/** Whether to be the computer that the old helper scripts were. */
	legacyUuid(file: string): Promise<boolean>;
	/** The client: those that can be used first. `initial`: the one that was used before. */
	tool(findings: readonly ToolFinding[], initial: ToolChoice | undefined): Promise<ToolChoice>;
	/** Under which name a camera is saved when `wanted` is another camera's: a new name, or `wanted` after all. */
	otherName(wanted: string, free: string, taken: readonly string[]): Promise<string>;
	/** What to do with the camera that is connected now. */
	whatNow(client: Pick<Client, 'tool'>): Promise<AfterPairing>;
	/** The folder to copy to. */
	folder(suggested: string): Promise<string>;
	/** Resolves when the person wants the camera back from other programs. */
	untilBack(): Promise<void>;
}

/** The questions on a terminal. `columns`: width of the window now. */
export function pairQuestions(prompt: Prompt, columns: () => number): PairQuestions {
	return {
		network: (choice) => confirmNetwork(choice, columns(), prompt),
		name: (suggested) => askName(suggested, prompt),
		legacyUuid: (file) => confirm(`Use the UUID in ${file}, so that cameras paired with the old scripts still know this computer?`, prompt),
		tool: (findings, initial) => askTool(findings, initial, prompt),
		otherName: (wanted, free, taken) => askOtherName(wanted, free, taken, prompt),
		whatNow: (client) => askWhatNow(client, prompt),
		folder: (suggested) => askFolder(suggested, prompt),
		untilBack: () => askBack(prompt),
	};
}

/** Opens the dialogue. */
export async function greet(): Promise<void> {
	const { intro } = await import('@clack/prompts');
	intro('Pair a Canon camera');
}

async function confirmNetwork(choice: NetworkChoice, columns: number, prompt: Prompt): Promise<NetworkInterface> {
	if ('ask' in choice) return askNetwork(choice.ask, prompt);
	const { log } = await import('@clack/prompts');
	log.step(beside(`Network: ${networkWords(choice.chosen)}, as ${choice.why}.`, columns));
	return choice.chosen;
}

/** Enter takes the suggested name; what is typed replaces it. */
async function askName(suggested: string, prompt: Prompt): Promise<string> {
	const { text } = await import('@clack/prompts');
	return prompt((signal) =>
		text({
			message: "Name on the camera's screen?",
			signal,
			placeholder: suggested,
			defaultValue: suggested,
			validate: (value) => {
				const { refused } = judgeName(value === undefined || value === '' ? suggested : value);
				return refused === undefined ? undefined : `That cannot be shown: ${refused}.`;
			},
		}),
	);
}

/** `free`: a suggestion; `taken`: all names that are in use. */
async function askOtherName(wanted: string, free: string, taken: readonly string[], prompt: Prompt): Promise<string> {
	const { select, text } = await import('@clack/prompts');
	const how = await prompt((signal) =>
		select({
			signal,
			message: `"${wanted}" is another camera. Save this one as?`,
			options: [
				{ value: 'other', label: 'under another name' },
				{ value: 'over', label: `as "${wanted}"`, hint: 'the other camera is forgotten' },
			],
		}),
	);
	if (how === 'over') return wanted;
	return prompt((signal) =>
		text({
			signal,
			message: 'Name for this camera?',
			initialValue: free,
			validate: (value) => {
				const problem = profileIdProblem(value ?? '');
				if (problem !== undefined) return `That cannot be a name: ${problem}.`;
				return taken.includes(value ?? '') ? 'Another camera has that name.' : undefined;
			},
		}),
	);
}

const STATE_WORDS: Readonly<Record<ToolFinding['state'], string>> = {
	usable: '',
	missing: 'not installed',
	withoutNetwork: 'built without PTP/IP',
	tooOld: 'too old',
	broken: 'does not run',
};

async function askTool(findings: readonly ToolFinding[], initial: ToolChoice | undefined, prompt: Prompt): Promise<ToolChoice> {
	const { select } = await import('@clack/prompts');
	const usable = findings.filter((finding) => finding.state === 'usable');
	const others = findings.filter((finding) => finding.state !== 'usable');
	return prompt((signal) =>
		select<ToolChoice>({
			signal,
			message: 'Which client should use the camera?',
			options: [
				...usable.map((finding) => ({
					value: finding.tool,
					label: finding.tool === 'builtin' ? TOOL_NAMES.builtin : `${TOOL_NAMES[finding.tool]} ${printable(finding.version ?? '')}`.trim(),
					...(finding.note === '' ? {} : { hint: printable(finding.note) }),
				})),
				{ value: 'none', label: 'nothing yet', hint: 'only pair the camera' },
				...others.map((finding) => ({
					value: finding.tool,
					label: TOOL_NAMES[finding.tool],
					hint: STATE_WORDS[finding.state],
					disabled: true,
				})),
			],
			...(initial === undefined ? {} : { initialValue: initial }),
		}),
	);
}

async function askWhatNow({ tool }: Pick<Client, 'tool'>, prompt: Prompt): Promise<AfterPairing> {
	const { select } = await import('@clack/prompts');
	return prompt((signal) =>
		select<AfterPairing>({
			signal,
			message: 'The camera is connected. What now?',
			options: [
				{ value: 'prompt', label: `Open ${tool === 'builtin' ? 'the prompt' : `${TOOL_NAMES[tool]}'s prompt`}` },
				{ value: 'pull', label: 'Copy the pictures' },
				{ value: 'hold', label: 'Keep it for other programs' },
				{ value: 'leave', label: 'Leave', hint: 'the camera switches its Wi-Fi off' },
			],
		}),
	);
}

async function askFolder(suggested: string, prompt: Prompt): Promise<string> {
	const { text } = await import('@clack/prompts');
	return prompt((signal) => text({ message: 'Copy to which folder?', signal, placeholder: suggested, defaultValue: suggested }));
}

async function askBack(prompt: Prompt): Promise<void> {
	const { select } = await import('@clack/prompts');
	await prompt((signal) =>
		select({ signal, message: 'Other programs can use the camera now.', options: [{ value: 'back', label: 'Back to the list' }] }),
	);
}

/** Closes the dialogue: what was saved, what comes next, and how to do the same without questions. */
export async function sumUp({ saved, next, same }: { saved: string; next: string; same: string }, out: Context['out']): Promise<void> {
	const { outro } = await import('@clack/prompts');
	outro(saved);
	// Below the bar and each on one line, however long: they are there to be copied.
	out(`Next time:\n  ${next}\n\nThe same without questions:\n  ${same}\n`);
}

/** A text that stands beside clack's bar, in a window of this width. */
function beside(text: string, columns: number): string {
	return wrap(text, columns - 4).join('\n');
}
