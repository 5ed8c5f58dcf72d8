import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Card, CardChanges } from '#simulator/card/card.ts';
import type { CardEntry } from '#simulator/card/object.ts';
import { watchCard } from '#simulator/card/watch.ts';
import { HandClock } from '../world.ts';

/** Says how many looks were planned: each look plans the next when it is over. */
class CountingClock extends HandClock {
	planned = 0;
	override after(ms: number, then: () => void): () => void {
		this.planned++;
		return super.after(ms, then);
	}
}

test('a new file is told of when it has stood still for 300 ms, and not before', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	const path = join(folder, 'MVI_0001.MP4');
	await writeFile(path, 'x');
	const file: CardEntry = {
		handle: 3,
		parent: 2,
		name: 'MVI_0001.MP4',
		path,
		folder: false,
		format: 0x300b,
		size: 1,
		modified: new Date(0),
		protected: false,
	};
	let tell = (_changes: CardChanges): void => {};
	const card: Pick<Card, 'onChange' | 'scan' | 'folderPaths'> = {
		onChange(listener) {
			tell = listener;
			return () => {};
		},
		scan: async () => ({ added: [], removed: [] }),
		folderPaths: () => [],
	};
	const clock = new CountingClock();
	const told: number[] = [];
	const stop = watchCard({ card: card as Card, clock, added: () => told.push(clock.now()), removed: () => {} });
	const wait = async (ms: number): Promise<void> => {
		const { planned } = clock;
		clock.advance(ms);
		await vi.waitFor(() => expect(clock.planned).toBeGreaterThan(planned), { interval: 1 });
	};
	try {
		tell({ added: [file], removed: [] });
		await wait(1000); // the first look
		await wait(100);
		await wait(100);
		await appendFile(path, 'x');
		await wait(100); // it has grown since
		await wait(100);
		await wait(100);
		expect(told).toEqual([]);
		await wait(100);
		expect(told).toEqual([1600]);
		expect(file.size).toBe(2);
	} finally {
		stop();
		await rm(folder, { recursive: true });
	}
});
