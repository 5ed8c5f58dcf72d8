import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layout } from '#transfer/rules/layout.ts';
import { LONGEST_NAME, numbered, safeName, sameNameKey } from '#transfer/rules/safe-name.ts';
import { fuzzRuns } from '../../support/fuzz.ts';

test.each(['IMG_0001.JPG', 'MVI_0002.MP4', 'AUTPRINT.MRK', 'été.jpg', '写真.JPG', 'a b.jpg', 'console.txt', 'X~1.JPG'])(
	'%s is good as it is',
	(name) => {
		expect(safeName(name)).toBe(name);
	},
);

test.each([
	['../../etc/passwd', '_.._.._etc_passwd'],
	['..', '__'],
	['.', '_'],
	['', 'unnamed'],
	['a/b.jpg', 'a_b.jpg'],
	['a\\b.jpg', 'a_b.jpg'],
	['C:evil', 'C_evil'],
	['a\u0000b', 'a_b'],
	['\u001b[2Jx.jpg', '_[2Jx.jpg'],
	['\u009b31mx', '_31mx'],
	['gpj.\u202egpj', 'gpj._gpj'],
	['-rf', '_-rf'],
	['.bashrc', '_.bashrc'],
	['~root', '_~root'],
	['con', '_con'],
	['CON.JPG', '_CON.JPG'],
	['lpt1.txt', '_lpt1.txt'],
	['name.', 'name_'],
	['name. .', 'name___'],
	['IMG_0001.JPG.part', 'IMG_0001.JPG.part_'],
	['IMG_0001.JPG.PART', 'IMG_0001.JPG.PART_'],
	['\ud800x', '_x'],
])('%j becomes %j', (name, safe) => {
	expect(safeName(name)).toBe(safe);
});

test('whatever a camera calls a file, its name stays in its folder and on every file system', () => {
	const anything = fc.oneof(
		fc.string({ unit: 'binary', maxLength: 255 }),
		fc.string({ maxLength: 255 }),
		fc.string({ unit: fc.constantFrom('.', '/', '\\', ' ', '-', '~', '\0', ':', 'a', '\u001b', '\u202e', '写', '😀'), maxLength: 255 }),
		fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 255 }).map((units) => String.fromCharCode(...units)),
	);
	fc.assert(
		fc.property(anything, (name) => {
			const safe = safeName(name);
			expect(safe).not.toBe('');
			expect(safe).not.toMatch(/[\\/:*?"<>|\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
			expect(safe).not.toMatch(/^[-.~ ]|[. ]$/);
			expect(safe).not.toMatch(/\.part$/i);
			expect(safe).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
			expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(LONGEST_NAME);
			expect(safeName(name)).toBe(safe);
		}),
		{ numRuns: fuzzRuns(3000).count },
	);
});

test('long names that differ only at the end stay two, and keep their extension', () => {
	const one = safeName(`${'x'.repeat(250)}1.JPG`);
	const two = safeName(`${'x'.repeat(250)}2.JPG`);
	expect(one).not.toBe(two);
	expect(one).toMatch(/~[0-9a-f]{8}\.JPG$/);
});

test('the number stands before the extension', () => {
	expect(numbered('IMG_0001.JPG', 1)).toBe('IMG_0001.JPG');
	expect(numbered('IMG_0001.JPG', 2)).toBe('IMG_0001~2.JPG');
	expect(numbered('README', 3)).toBe('README~3');
});

const places = (paths: string[], folders: boolean) =>
	layout(
		paths.map((path) => ({ path: path.split('/') })),
		folders,
	).map(({ to }) => to.join('/'));

test('chosen files go straight into the folder, all files keep their folders', () => {
	expect(places(['DCIM/100CANON/IMG_0001.JPG', 'DCIM/101CANON/IMG_0002.JPG'], false)).toEqual(['IMG_0001.JPG', 'IMG_0002.JPG']);
	expect(places(['DCIM/100CANON/IMG_0001.JPG', 'MISC/AUTPRINT.MRK', 'DCIM/X.JPG', 'Y.JPG'], true)).toEqual([
		'100CANON/IMG_0001.JPG',
		'MISC/AUTPRINT.MRK',
		'X.JPG',
		'Y.JPG',
	]);
});

test('chosen files of one name keep their folders, so that they are the same the next time', () => {
	expect(places(['DCIM/100CANON/IMG_0001.JPG', 'DCIM/101CANON/img_0001.jpg', 'DCIM/101CANON/IMG_0002.JPG'], false)).toEqual([
		'100CANON/IMG_0001.JPG',
		'101CANON/img_0001.jpg',
		'IMG_0002.JPG',
	]);
});

test('what is the same even so is numbered: two cards, or names made safe', () => {
	expect(places(['DCIM/100CANON/A.JPG', 'DCIM/100CANON/a.jpg'], true)).toEqual(['100CANON/A.JPG', '100CANON/a~2.jpg']);
	const unsafe = layout([{ path: ['a/b'] }, { path: ['a\\b'] }, { path: ['a:b'] }], false).map(({ to }) => to.join('/'));
	expect(unsafe).toEqual(['a_b', 'a_b~2', 'a_b~3']);
});

test('no file stands where a folder has to be', () => {
	expect(places(['..', '../in.jpg'], true)).toEqual(['__~2', '__/in.jpg']);
});

test('tens of thousands of files of one name are numbered without trying all numbers for each', () => {
	const to = layout(
		Array.from({ length: 60_000 }, () => ({ path: ['DCIM', 'A.JPG'] })),
		false,
	).map((place) => place.to.join('/'));
	expect(to.slice(0, 2)).toEqual(['A.JPG', 'A~2.JPG']);
	expect(to.at(-1)).toBe('A~60000.JPG');
	expect(new Set(to).size).toBe(60_000);
});

test('a number that a file has of itself is left to it, or passed over', () => {
	expect(places(['1/A~2.JPG', '1/A.JPG', '1/A.JPG', '1/A.JPG'], true)).toEqual(['1/A~2.JPG', '1/A.JPG', '1/A~3.JPG', '1/A~4.JPG']);
});

test('no two files of one get go to the same place', () => {
	const name = fc.string({ unit: fc.constantFrom('a', 'A', '/', '~', '2', '.', 'é', 'e\u0301'), maxLength: 4 });
	fc.assert(
		fc.property(fc.array(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), fc.boolean(), (paths, folders) => {
			const to = layout(
				paths.map((path) => ({ path })),
				folders,
			).map((place) => sameNameKey(place.to.join('/')));
			expect(new Set(to).size).toBe(paths.length);
		}),
	);
});
