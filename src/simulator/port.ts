/** The simulated camera for the command `simulate` and the demo: options as plain values, events with their text. */

import { CodedError } from '#base/errors.ts';
import { printable } from '#base/text.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';
import { type SoftwareCamera, startCamera } from './camera.ts';
import type { SimulatorEvent } from './events.ts';
import { parseFault } from './faults/parse.ts';
import { seeded } from './faults/random.ts';
import { plainLine } from './messages.ts';
import { modelById, models } from './models/catalogue.ts';
import type { CameraModel } from './models/model.ts';
import { type CameraOptions, DEFAULTS } from './options.ts';

/** Options of a camera, with its model and faults as text. */
export type CameraChoice = Omit<CameraOptions, 'model' | 'os' | 'faults'> & {
	model?: string | undefined;
	os?: CameraOs | undefined;
	/** In the form that `faults/parse.ts` reads. */
	faults?: readonly string[] | undefined;
};

/** Returns the first model with the menu entry. */
function defaultModel(flow: CameraOptions['flow']): CameraModel | undefined {
	return models.find(({ eos }) => (eos !== undefined) === (flow === 'eos'));
}

/** Starts simulated cameras. */
export const softwareCamera = {
	/** The ids of the models, with a description of each. */
	models: models.map(({ id, about }) => ({ id, about })),

	/** Switches a camera on as `startCamera` does. Rejects with `usage` for an unknown model or fault too. */
	async start(
		{ model, os, faults = [], ...options }: CameraChoice,
		{ emit, signal }: { emit(event: SimulatorEvent, words: string | undefined): void; signal: AbortSignal },
	): Promise<SoftwareCamera> {
		const chosen = model === undefined ? defaultModel(options.flow) : modelById(model);
		if (chosen === undefined)
			throw new CodedError('usage', {
				problem: `There is no camera model "${printable(model ?? '')}".`,
				next: `Use --model with one of: ${models.map(({ id }) => id).join(', ')}.`,
			});
		const chance = seeded(options.seed ?? DEFAULTS.seed);
		return startCamera(
			{ ...options, os, model: chosen, faults: faults.map((fault) => parseFault(fault, chance)) },
			{ emit: (event) => emit(event, plainLine(event)), signal },
		);
	},
};
