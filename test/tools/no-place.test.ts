/** A settings folder in which nothing can be made: read-only, full, or, as here, where a part of the path is a file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { attempt } from '../support/attempt.ts';
import { skipUnless } from '../support/skip.ts';
import { NO_SHELL, windows } from '../support/systems.ts';
import { harness, jobAt } from './harness.ts';

const GPHOTO2 = ['#!/bin/sh', 'echo "gphoto2 2.5.28"', 'echo "libgphoto2_port 0.12.1 all camlibs, gcc, ptpip"', ''].join('\n');

test.skipIf(skipUnless(!windows, NO_SHELL))(
	'a tool is found all the same; using it says what cannot be written, and is no fault of the program',
	async () => {
		using outer = harness();
		writeFileSync(join(outer.folder, 'file'), '');
		using here = harness({ folder: join(outer.folder, 'file', 'tools') });
		const path = here.script('gphoto2', GPHOTO2);
		expect(await here.tools.find('gphoto2', path)).toMatchObject({ state: 'usable', version: '2.5.28' });
		const client = await here.tools.client('gphoto2', path);
		const told = { code: 'settingsUnwritable', exitCode: 78, message: expect.stringContaining('a part of its path is not a folder') };
		expect(() => client.describe(jobAt(1))).toThrow(expect.objectContaining(told));
		await expect(attempt(client, jobAt(1), here.emit, new AbortController().signal)).rejects.toMatchObject(told);
	},
);
