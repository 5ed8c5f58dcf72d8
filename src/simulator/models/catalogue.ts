/** Every model that `--model` knows. A new one is a data file and a line here. */
import { elph340hs } from './elph340hs.ts';
import { eosRebelT6 } from './eos-rebel-t6.ts';
import type { CameraModel } from './model.ts';

export const models: readonly CameraModel[] = [elph340hs, eosRebelT6];

/** The model with this id, or nothing. */
export function modelById(id: string): CameraModel | undefined {
	return models.find((model) => model.id === id);
}
