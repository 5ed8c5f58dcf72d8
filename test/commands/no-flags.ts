/** A command's flags as they are parsed when none is given. */
import { camel, type Flag, type Flags, type InferFlags } from '#commands/shared/command-line.ts';

export function noFlags<F extends Flags>({ flags }: { flags: F }): InferFlags<F> {
	const given = Object.entries(flags).flatMap(([long, flag]: [string, Flag]) =>
		flag.default === undefined ? [] : [[camel(long), flag.default] as const],
	);
	return Object.fromEntries(given) as InferFlags<F>;
}
