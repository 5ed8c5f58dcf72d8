/** `status`: the cameras that are held on this computer, and who uses them. */
import { EXIT } from '#contract/errors.ts';
import { statusLines } from '#hold/text/table.ts';
import type { Context, Outcome } from '../shared/context.ts';

export const needs = ['emit', 'out', 'json', 'holds'] as const;

/** Prints what is held; nothing is no failure. */
export async function run(_call: object, context: Pick<Context, (typeof needs)[number]>): Promise<Outcome> {
	const holds = await context.holds.list();
	for (const { pid, cameras } of holds) for (const held of cameras) if (context.json) context.emit({ type: 'held', pid, ...held });
	const lines = statusLines(holds);
	context.out(lines.length === 0 ? 'No camera is held. Run `canon-wifi hold` to hold one.\n' : `${lines.join('\n')}\n`);
	return { exitCode: EXIT.done, found: { holds: holds.length, cameras: holds.flatMap(({ cameras }) => cameras).length } };
}
