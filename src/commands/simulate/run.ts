/** `simulate`: a simulated camera on this computer's network, until its Wi-Fi goes off. */
import { EXIT } from '#contract/errors.ts';
import type { Context, Outcome } from '../shared/context.ts';
import type { SimulateCall } from './flags.ts';
import type { CameraScreen, SimulatePorts } from './ports.ts';
import { setUpOf } from './set-up.ts';

export const needs = ['write', 'json', 'networks', 'emit', 'signal', 'clock', 'camera', 'quiet', 'record', 'openScreen'] as const;

export type SimulateContext = Pick<Context & SimulatePorts, (typeof needs)[number]>;

/** Plays one camera. 0 when a session was opened, else `noCamera`'s exit code. */
export async function run({ flags }: Pick<SimulateCall, 'flags'>, context: SimulateContext): Promise<Outcome> {
	const line = (event: { type: string }, words: string | undefined): void => {
		const { type, ...fields } = event;
		if (context.json) context.write(`${JSON.stringify({ v: 1, time: context.clock.date().toISOString(), type, ...fields })}\n`);
		else if (words !== undefined && !context.quiet) context.write(`${words}\n`);
	};
	const { openScreen } = context;
	const setUp = setUpOf(flags, context, openScreen !== undefined);
	// The terminal is taken when the camera is on: an error before that is shown on a terminal as it was.
	let screen: CameraScreen | undefined;
	const early: Parameters<typeof line>[] = [];
	const emit = (...shown: Parameters<typeof line>): void => {
		context.record(shown[0]);
		if (openScreen === undefined) line(...shown);
		else if (screen === undefined) early.push(shown);
		else screen.show(...shown);
	};
	const camera = await context.camera.start(setUp, { emit, signal: context.signal });
	try {
		screen = openScreen?.((key) => camera.press(key));
		for (const shown of early) screen?.show(...shown);
		const { why, session } = await camera.ended;
		context.signal.throwIfAborted();
		return { exitCode: session ? EXIT.done : EXIT.noCamera, found: { why, session } };
	} finally {
		await camera.close();
		screen?.close();
	}
}
