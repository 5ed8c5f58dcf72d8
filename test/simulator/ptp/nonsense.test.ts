import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { seeded } from '#simulator/faults/random.ts';
import { models } from '#simulator/models/catalogue.ts';
import { operationsOf } from '#simulator/ptp/table.ts';
import { cameraOn, infoFor } from './camera-on.ts';

const ODD = [0, 1, 2, 3, 4, 5, 0xff, 0x3001, 0x3801, 0xdc04, 0xd045, 0x5001, 0x00010001, 0x7fffffff, 0x80000001, 0xfffffffe, 0xffffffff];

test.each(models.filter(({ eos }) => eos === undefined).map((model) => [model.id, model] as const))(
	'%s answers every operation with every nonsense, and goes on',
	async (_id, model) => {
		const chance = seeded(7);
		const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T;
		await using on = await cameraOn({ 'A.JPG': 'a', 'B/C.TXT': 'c' }, { model, chdk: false });
		const me = await on.open();
		const table = operationsOf(model, false);
		// What ends the session is left to its own tests.
		const codes = [...table.keys()].filter((code) => ![0x1002, 0x1003, 0x1013].includes(code));
		for (let n = 0; n < 600; n++) {
			const code = chance() < 0.05 ? Math.floor(chance() * 0x10000) : pick(codes);
			if ([0x1002, 0x1003, 0x1013, 0x9999].includes(code)) continue;
			const params = Array.from({ length: Math.floor(chance() * 6) }, () => pick(ODD));
			const takesData = table.get(code)?.dataOut !== undefined;
			const bytes =
				chance() < 0.3
					? infoFor(pick(['X.JPG', 'a/b', 'Ä', '']), pick(ODD), pick([0x3001, 0x3801]))
					: Buffer.alloc(Math.floor(chance() * 200), n);
			const { code: response } = await me.ask(code, params, takesData ? bytes : undefined);
			expect(response, `0x${code.toString(16)}(${params})`).toBeGreaterThanOrEqual(0x2001);
		}
		expect((await me.ask(0x1001)).code).toBe(0x2001);
		expect(await readdir(on.scratch)).toEqual(['card']); // nothing was written beside the card
	},
);
