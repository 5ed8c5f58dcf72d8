/** Notices changes on the card made by others, as when a picture is taken, and reports files when they are complete. */
import { type FSWatcher, watch } from 'node:fs';
import type { SimulatorClock } from '../clock.ts';
import type { Card } from './card.ts';
import { type CardEntry, look, note, onDisk } from './object.ts';

/** A new file is reported when its size and date have not changed for this many milliseconds. */
export const STABLE_MS = 300;
/** Milliseconds between two checks while a new file is not stable yet. */
const LOOK_MS = 100;
/** Milliseconds between two scans without a notification, because some file systems send none. */
const POLL_MS = 1000;

/** What the watch needs. */
export interface CardWatchOptions {
	card: Card;
	clock: SimulatorClock;
	/** Called for a complete file, or a folder. */
	added(object: CardEntry): void;
	removed(object: CardEntry): void;
}

/** Watches the card. Returns a function that stops this. Changes made by the camera itself are not reported. */
export function watchCard({ card, clock, added, removed }: CardWatchOptions): () => void {
	const watchers = new Map<string, FSWatcher>();
	const growing = new Map<CardEntry, { shape: string; since: number }>();
	let stopTimer = (): void => {};
	let ended = false;
	let looking = false;

	const stopListening = card.onChange((changes) => {
		for (const object of changes.removed) if (!growing.delete(object)) removed(object);
		for (const object of changes.added)
			if (object.folder) added(object);
			else growing.set(object, { shape: '', since: clock.now() });
	});

	const later = (ms: number): void => {
		stopTimer();
		if (!ended) stopTimer = clock.after(ms, () => void lookAgain());
	};
	const soon = (): void => {
		if (!looking && growing.size === 0) later(LOOK_MS);
	};

	const lookAgain = async (): Promise<void> => {
		if (looking || ended) return;
		looking = true;
		await card.scan();
		follow();
		for (const [object, known] of [...growing]) {
			const stats = await look(object.path);
			if (stats === undefined) continue; // the next scan reports that it is gone
			note(object, stats);
			const shape = `${stats.size} ${stats.mtimeNs}`;
			if (shape !== known.shape) growing.set(object, { shape, since: clock.now() });
			else if (clock.now() - known.since >= STABLE_MS && growing.delete(object) && !ended) added(object);
		}
		looking = false;
		later(growing.size > 0 ? LOOK_MS : POLL_MS);
	};

	/** Keeps one watcher for each folder. Without watchers (too many, or not supported) polling is enough. */
	const follow = (): void => {
		if (ended) return;
		const paths = new Set(card.folderPaths());
		for (const [path, watcher] of watchers)
			if (!paths.has(path)) {
				watcher.close();
				watchers.delete(path);
			}
		for (const path of paths) {
			if (watchers.has(path) || watchers.size >= MOST_WATCHERS) continue;
			try {
				const watcher = watch(onDisk(path), { persistent: false }, soon);
				watcher.on('error', () => {});
				watchers.set(path, watcher);
			} catch {
				return;
			}
		}
	};

	follow();
	later(POLL_MS);
	return () => {
		ended = true;
		stopTimer();
		stopListening();
		for (const watcher of watchers.values()) watcher.close();
	};
}

/** How many folders are watched. The kernel has few watches, and all programs of a user share them. */
const MOST_WATCHERS = 256;
