/** The folder behind the card: the given one, or a built-in set of pictures that goes away at the end. */
import { lstat, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CodedError } from '#base/errors.ts';
import { printable } from '#base/text.ts';
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
	// The way to the card may lead through links; on the card there are none.
	const root = await realpath(media).catch(() => resolve(media));
	const dcim = await lstat(join(root, 'DCIM')).catch(() => undefined);
	if (dcim?.isDirectory() !== true)
		throw new CodedError('usage', {
			problem: `${printable(root)} cannot be a card: ${dcim?.isSymbolicLink() === true ? 'its DCIM is a link' : 'it holds no folder DCIM'}.`,
			next: 'Give --media the folder above DCIM, or leave it out for the built-in pictures.',
		});
	return { root, close: async () => {} };
}
