/** Opens the folder behind the card: the given one, or a temporary one with built-in pictures. */
import { lstat, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CodedError } from '#base/errors.ts';
import { printable } from '#base/text.ts';
import type { CameraModel } from '../models/model.ts';
import { builtInCard } from './built-in.ts';

/** An open card. */
export interface OpenedCard {
	root: string;
	close(): Promise<void>;
}

/** Opens a card. Rejects with `usage` if `media` is not a folder that contains DCIM. */
export async function openCard(media: string | undefined, model: CameraModel): Promise<OpenedCard> {
	if (media === undefined) {
		const { root, remove } = await builtInCard(model.manufacturer, model.model);
		return { root, close: remove };
	}
	// The path to the card may contain links, but a card itself has none.
	const root = await realpath(media).catch(() => resolve(media));
	const dcim = await lstat(join(root, 'DCIM')).catch(() => undefined);
	if (dcim?.isDirectory() !== true)
		throw new CodedError('usage', {
			problem: `${printable(root)} cannot be a card: ${dcim?.isSymbolicLink() === true ? 'its DCIM is a link' : 'it holds no folder DCIM'}.`,
			next: 'Give --media the folder above DCIM, or leave it out for the built-in pictures.',
		});
	return { root, close: async () => {} };
}
