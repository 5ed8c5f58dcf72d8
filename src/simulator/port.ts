/** The software camera as the command `simulate` and the demo get it: options as plain values, events with words. */

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

/** Options of a camera with its model by name. */
export type CameraChoice = Omit<CameraOptions, 'model' | 'os' | 'faults'> & {
	model?: string | undefined;
	os?: CameraOs | undefined;
	/** As `faults/parse.ts` reads them. */
	faults?: readonly string[] | undefined;
};

/** The first that has the menu entry. */
function defaultModel(flow: CameraOptions['flow']): CameraModel | undefined {
	return models.find(({ eos }) => (eos !== undefined) === (flow === 'eos'));
}

export const softwareCamera = {
	/** Ids that `model` may have, with what each is. */
	models: models.map(({ id, about }) => ({ id, about })),

	/** Switches a camera on; as `startCamera`, and `usage` for a model or a fault that does not exist. */
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
			{ ...options, model: chosen, faults: faults.map((fault) => parseFault(fault, chance)), ...(os === undefined ? {} : { os }) },
			{ emit: (event) => emit(event, plainLine(event)), signal },
		);
	},
};
