import { describe, expect, test } from 'vitest';
import type { Camera } from '#camera/camera.ts';
import type { Chdk } from '#camera/chdk.ts';
import { ScriptFailed, type ScriptValue } from '#camera/script-output.ts';
import { chdkTree, parseTree } from '#transfer/catalogue/chdk-tree.ts';

describe('what the listing script sends', () => {
	test('is a path before each folder, and a line for each object', () => {
		const tree = parseTree(['>A/DCIM', 'd 0 1700000000 100CANON', '>A/DCIM/100CANON', 'f 1234 1700000002 IMG 1.JPG', 'f 0 0 -']);
		expect([...tree]).toEqual([
			['DCIM', [{ name: '100CANON', folder: true, size: 0, seconds: 1_700_000_000 }]],
			[
				'DCIM/100CANON',
				[
					{ name: 'IMG 1.JPG', folder: false, size: 1234, seconds: 1_700_000_002 },
					{ name: '-', folder: false, size: 0, seconds: 0 },
				],
			],
		]);
	});

	test.each([
		['an object before any folder', ['f 1 2 A.JPG']],
		['a line of something else', ['>A/DCIM', 'hello']],
		['an empty line', ['>A/DCIM', '']],
		['a size that is none', ['>A/DCIM', 'f 12345678901 0 A.JPG']],
	])('is refused with %s', (_, lines) => {
		expect(() => parseTree(lines)).toThrow(ScriptFailed);
	});
});

describe('the script’s listing of a folder', () => {
	const folder = { storage: 0x10001, handle: 7, path: ['DCIM', '100CANON'] };
	const { signal } = new AbortController();
	/** A way over a script that sends these lines and gives back that; the camera calls the last handle by this name. */
	const way = (lines: string, returned: ScriptValue[] = [{ type: 'string', value: 'end' }], name = 'B.JPG') => {
		const chdk = {
			run: async (_code: string, _signal: AbortSignal, onMessage: (value: ScriptValue) => void) => {
				onMessage({ type: 'string', value: lines });
				return returned;
			},
		} as unknown as Chdk;
		const camera = { object: async () => ({ fileName: name }) } as unknown as Camera;
		return (handles: readonly number[], of = folder) => chdkTree(chdk).list(camera, of, handles, signal);
	};
	const LINES = '>A/DCIM/100CANON\nf 1 0 A.JPG\nf 2 0 B.JPG';

	test('gives the names to the handles in their order, uncertain', async () => {
		expect(await way(LINES)([9, 8])).toMatchObject([
			{ handle: 8, name: 'A.JPG', size: 1, uncertain: true },
			{ handle: 9, name: 'B.JPG', size: 2, uncertain: true },
		]);
	});

	test.each([
		['that ended early', way(LINES, []), [8, 9], 'ended early'],
		['that was stopped', way(LINES, [{ type: 'string', value: 'stopped' }]), [8, 9], 'ended early'],
		['with another number of objects', way(LINES), [8, 9, 10], 'found 2 objects, the camera tells of 3'],
		['in another order', way(LINES, undefined, 'A.JPG'), [8, 9], 'in another order'],
		['of other folders', way('>A/DCIM'), [8, 9], 'does not know DCIM/100CANON'],
	])('%s is not believed', async (_, list, handles, why) => {
		await expect(list(handles)).rejects.toThrow(why);
	});
});
