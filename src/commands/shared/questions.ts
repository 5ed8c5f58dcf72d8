/** Questions about the network and the devices on it. */

import { printable } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Candidate, Choose, ChooseAny } from '#discovery/ports.ts';
import { KIND_WORDS } from '#network/rules/choosing-network.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Prompt } from './context.ts';

/** `wlan0 192.168.1.20 (Wi-Fi)` */
export function networkWords({ name, address, kind }: NetworkInterface): string {
	return `${printable(name)} ${address} (${KIND_WORDS[kind]})`;
}

/** Asks which network the camera is on. */
export async function askNetwork(networks: readonly NetworkInterface[], prompt: Prompt): Promise<NetworkInterface> {
	const { select } = await import('@clack/prompts');
	const name = await prompt((signal) =>
		select({
			message: 'Which network is the camera on?',
			options: networks.map((network) => ({ value: `${network.name} ${network.address}`, label: networkWords(network) })),
			signal,
		}),
	);
	const chosen = networks.find((network) => `${network.name} ${network.address}` === name);
	if (chosen === undefined) throw new CanonWifiError('noNetwork', {});
	return chosen;
}

function candidateWords({ address, mac, canon, userAgent }: Candidate): string {
	const marks = [canon ? 'Canon' : null, mac, userAgent === null ? null : printable(userAgent).slice(0, 40)].filter(
		(mark) => mark !== null,
	);
	return `${address}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`;
}

/** The questions that may come up while a camera is waited for. Where nobody can be asked, several cameras are `severalCameras`. */
export function choosing(prompt: Prompt | undefined): { choose: Choose; chooseAny?: ChooseAny } {
	if (prompt === undefined)
		return {
			choose: async (candidates) => {
				throw new CanonWifiError('severalCameras', { list: candidates.map(candidateWords) });
			},
		};
	return { choose: chooseOne(prompt), chooseAny: chooseAny(prompt) };
}

/** Whether one of these is the camera, although none of them shows it. */
function chooseAny(prompt: Prompt): ChooseAny {
	return async (candidates, signal) => {
		const { select } = await import('@clack/prompts');
		return prompt(async (stop) => {
			const answer = await select<string | null>({
				message: candidates.length === 1 ? 'Is this the camera?' : 'Is one of these the camera?',
				options: [
					...candidates.map((candidate) => ({ value: candidate.address, label: candidateWords(candidate) })),
					{ value: null, label: candidates.length === 1 ? 'no, keep waiting' : 'none of them, keep waiting' },
				],
				signal: AbortSignal.any([stop, signal]),
			});
			signal.throwIfAborted(); // what ended the question from outside is the reason, not that it has no answer
			return answer;
		});
	};
}

/** Which of several devices is the camera. */
function chooseOne(prompt: Prompt): Choose {
	return async (candidates, signal) => {
		const { select } = await import('@clack/prompts');
		return prompt(async (stop) => {
			const answer = await select({
				message: 'Several devices could be the camera. Which is it?',
				options: candidates.map((candidate) => ({ value: candidate.address, label: candidateWords(candidate) })),
				signal: AbortSignal.any([stop, signal]),
			});
			signal.throwIfAborted();
			return answer;
		});
	};
}
