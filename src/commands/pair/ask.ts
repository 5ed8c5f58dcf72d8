/** The wizard's questions. All of them come before anything is opened; a flag answers before a question does. */

import { wrap } from '#base/table.ts';
import { printable } from '#base/text.ts';
import { judgeName } from '#contract/identity.ts';
import { TOOL_NAMES } from '#contract/names.ts';
import { profileIdProblem, type ToolChoice } from '#contract/profile.ts';
import type { NetworkChoice } from '#network/rules/choosing-network.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { ToolFinding } from '#session/client.ts';
import { confirmed } from '../shared/confirmed.ts';
import type { Asking, Deps } from '../shared/deps.ts';
import { askNetwork, networkWords } from '../shared/network.ts';

/** Opens the dialogue. */
export async function greet(): Promise<void> {
	const { intro } = await import('@clack/prompts');
	intro('Pair a Canon camera');
}

/** The network: told when it is clear, else asked. `columns`: width of the window. */
export async function settleNetwork(choice: NetworkChoice, columns: number, asking: Asking): Promise<NetworkInterface> {
	if ('ask' in choice) return askNetwork(choice.ask, asking);
	const { log } = await import('@clack/prompts');
	log.step(beside(`Network: ${networkWords(choice.chosen)}, as ${choice.why}.`, columns));
	return choice.chosen;
}

/** This computer's name on the camera's screen. Enter takes the suggested one; what is typed stands in its place. */
export async function askName(suggested: string, asking: Asking): Promise<string> {
	const { text } = await import('@clack/prompts');
	return asking((signal) =>
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

/** Whether to be the computer that the old helper scripts were. */
export function askOldUuid(file: string, asking: Asking): Promise<boolean> {
	return confirmed(`Take over the UUID in ${file}, so that cameras paired with the old scripts still know this computer?`, asking);
}

/**
 * Under which name a camera is saved when the wanted one is that of another camera: a new name, or the wanted one after
 * all. `free`: a suggestion; `taken`: all names that are in use.
 */
export async function askOtherName(wanted: string, free: string, taken: readonly string[], asking: Asking): Promise<string> {
	const { select, text } = await import('@clack/prompts');
	const how = await asking((signal) =>
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
	return asking((signal) =>
		text({
			signal,
			message: 'Name of this camera?',
			initialValue: free,
			validate: (value) => {
				const problem = profileIdProblem(value ?? '');
				if (problem !== undefined) return `That cannot be a name: ${problem}.`;
				return taken.includes(value ?? '') ? 'That is the name of another camera.' : undefined;
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

/** Which client to use: those that can be used first, with their versions. */
export async function askTool(findings: readonly ToolFinding[], initial: ToolChoice | undefined, asking: Asking): Promise<ToolChoice> {
	const { select } = await import('@clack/prompts');
	const usable = findings.filter((finding) => finding.state === 'usable');
	const others = findings.filter((finding) => finding.state !== 'usable');
	return asking((signal) =>
		select<ToolChoice>({
			signal,
			message: 'Which client should use the camera?',
			options: [
				...usable.map((finding) => ({
					value: finding.tool,
					label: finding.tool === 'builtin' ? TOOL_NAMES.builtin : `${TOOL_NAMES[finding.tool]} ${printable(finding.version ?? '')}`.trim(),
					...(finding.note === '' ? {} : { hint: printable(finding.note) }),
				})),
				{ value: 'none', label: 'nothing yet', hint: 'only pair' },
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

/** Closes the dialogue: what was saved, what comes next, and how to do the same without questions. */
export async function sumUp({ saved, next, same }: { saved: string; next: string; same: string }, out: Deps['out']): Promise<void> {
	const { outro } = await import('@clack/prompts');
	outro(saved);
	// Below the bar and each on one line, however long: they are there to be copied.
	out(`Next time:\n  ${next}\n\nThe same without questions:\n  ${same}\n`);
}

/** A text that stands beside clack's bar, in a window of this width. */
function beside(text: string, columns: number): string {
	return wrap(text, columns - 4).join('\n');
}
