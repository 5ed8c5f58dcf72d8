/** A prompt that was left by Ctrl-C ends the whole run. */
import { Stopped } from '../../core/stopped.ts';

/** The answer; throws `Stopped` when there is none. */
export async function answered<T>(prompt: Promise<T>): Promise<Exclude<T, symbol>> {
	const value = await prompt;
	if (typeof value === 'symbol') throw new Stopped('SIGINT');
	return value as Exclude<T, symbol>;
}

/** Yes or no. */
export async function confirmed(question: string): Promise<boolean> {
	const { confirm } = await import('@clack/prompts');
	return answered(confirm({ message: question }));
}
