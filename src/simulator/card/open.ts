/** The folder behind the card: the given one, or a built-in set of pictures that goes away at the end. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CanonWifiError } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import type { CameraModel } from '../models/model.ts';
import { builtInCard } from './built-in.ts';

export interface OpenedCard {
	root: string;
	close(): Promise<void>;
}

/** Throws `usage` when `media` is no folder that holds DCIM. */
export async function openCard(media: string | undefined, model: CameraModel): Promise<OpenedCard> {
	if (media === undefined) {
		const { root, remove } = await builtInCard(model.manufacturer, model.model);
		return { root, close: remove };
	}
	const root = resolve(media);
	const found = await stat(join(root, 'DCIM')).catch(() => undefined);
	if (found?.isDirectory() !== true)
		throw new CanonWifiError('usage', {
			problem: `${printable(root)} cannot be a card: it holds no folder DCIM.`,
			next: 'Give --media the folder above DCIM, or leave it out for the built-in pictures.',
		});
	return { root, close: async () => {} };
}
