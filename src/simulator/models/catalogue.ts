/** The models that `--model` knows. A new model is a data file and a line here. */
import { elph340hs } from './elph340hs.ts';
import { eosRebelT6 } from './eos-rebel-t6.ts';
import { g9x } from './g9x.ts';
import { ixusWireless } from './ixus-wireless.ts';
import type { CameraModel } from './model.ts';
import { sx530hs } from './sx530hs.ts';

/** All models; the first one with a menu entry is its default. */
export const models: readonly CameraModel[] = [elph340hs, sx530hs, g9x, ixusWireless, eosRebelT6];

/** Returns the model with this id, or `undefined`. */
export function modelById(id: string): CameraModel | undefined {
	return models.find((model) => model.id === id);
}
