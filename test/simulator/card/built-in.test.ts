/** The built-in card on a disk that sets no times. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { expect, test } from 'vitest';
import { Card } from '#simulator/card/card.ts';
import { openCard } from '#simulator/card/open.ts';
import { elph340hs } from '#simulator/models/elph340hs.ts';

test('a disk that refuses times still holds the built-in pictures', async () => {
	const { utimes } = fs.promises;
	fs.promises.utimes = () => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM' }));
	syncBuiltinESMExports();
	try {
		const opened = await openCard(undefined, elph340hs);
		const card = new Card(opened.root);
		await card.scan();
		expect(card.latestPicture()).toBe('IMG_0003.JPG');
		await opened.close();
	} finally {
		fs.promises.utimes = utimes;
		syncBuiltinESMExports();
	}
});
