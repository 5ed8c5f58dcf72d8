/** A question that is answered by yes or no. */
import type { Prompt } from './context.ts';

/** Asks; true for yes. */
export async function confirm(question: string, prompt: Prompt): Promise<boolean> {
	const { confirm: ask } = await import('@clack/prompts');
	return prompt((signal) => ask({ message: question, signal }));
}
