/** `status`: the cameras that are held on this computer, and who uses them. */
import { EXIT } from '#contract/errors.ts';
import type { HoldRegistry } from '#hold/ports.ts';
import { statusLines } from '#hold/text/table.ts';
import type { Deps, Outcome } from '../shared/deps.ts';

export interface StatusDeps extends Pick<Deps, 'emit' | 'out' | 'json'> {
	holds: HoldRegistry;
}

/** Tells what runs; nothing running is no failure. */
export async function run(deps: StatusDeps): Promise<Outcome> {
	const holds = await deps.holds.list();
	for (const { pid, cameras } of holds) for (const held of cameras) if (deps.json) deps.emit({ type: 'held', pid, ...held });
	const lines = statusLines(holds);
	deps.out(lines.length === 0 ? 'No camera is held. `canon-wifi hold` holds one.\n' : `${lines.join('\n')}\n`);
	return { exitCode: EXIT.done, found: { holds: holds.length, cameras: holds.flatMap(({ cameras }) => cameras).length } };
}
