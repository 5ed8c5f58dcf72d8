/** A question that is answered by yes or no. */
import type { Asking } from './deps.ts';

export async function confirmed(question: string, asking: Asking): Promise<boolean> {
	const { confirm } = await import('@clack/prompts');
	return asking((signal) => confirm({ message: question, signal }));
}
