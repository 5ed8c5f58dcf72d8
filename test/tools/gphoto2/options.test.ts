import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asksPerson, filesToRead, lastOf, opensCamera, readOptions, wantsModel, withValue } from '#tools/gphoto2/options.ts';

const opens = (...args: string[]) => opensCamera(readOptions(args));
const names = (...args: string[]) => readOptions(args).options.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));

describe('what ARGS open the camera, as measured with gphoto2 2.5.28', () => {
	test.each([
		[['-L']],
		[['-nL']],
		[['--list-files']],
		[['--version', '-L']],
		[['--list-files', '--get-file']],
		[['-L', '--', '--bogus']],
		[['x', '-L']],
		[['-f', '--help', '-n']],
		[['--wait-event', '1s']],
		[['--manual']],
		[['--about']],
	])('%j does', (args) => expect(opens(...args)).toBe(true));

	test.each([
		[['--version']],
		[['-v']],
		[['--help', '-L']],
		[['-L', '-?']],
		[['--usage', '--get-all-files']],
		[['--list-ports']],
		[['--list-cameras']],
		[['--auto-detect']],
		[['--abilities']],
		[['--reset']],
		[['--get-file']],
		[['-p']],
		[['--get-file', '--', '-L'].slice(0, 1)],
		[['--', '-L']],
		[['--filename', '-L']],
		[['-f', '-L']],
		[['--list-files=3']],
		[['--version=3', '-L']],
		[[]],
	])('%j does not', (args) => expect(opens(...args)).toBe(false));

	test('an option of a newer gphoto2 may open it', () => {
		expect(readOptions(['--list-fil'])).toMatchObject({ options: [], unknown: true });
		expect(opens('--new-action')).toBe(true);
	});
});

describe('values', () => {
	test.each<[string[], string[]]>([
		[['-pX'], ['get-file=X']],
		[['-p=X'], ['get-file=X']],
		[['-p', 'X'], ['get-file=X']],
		[['-nLpX'], ['num-files', 'list-files', 'get-file=X']],
		[['--get-file=a=b'], ['get-file=a=b']],
		[['--get-file='], ['get-file=']],
		[['--get-file', '--stdout'], ['get-file=--stdout']],
		[
			['--wait-event', '--stdout'],
			['wait-event', 'stdout'],
		],
		[
			['--wait-event', '3s', '--stdout'],
			['wait-event=3s', 'stdout'],
		],
		[['--camera', 'PTP/IP Camera'], ['camera=PTP/IP Camera']],
		[['-', '-L'], ['list-files']],
	])('%j', (args, read) => expect(names(...args)).toEqual(read));

	test('the last one of a name counts', () => {
		expect(lastOf(readOptions(['--debug-loglevel', 'all', '--debug-loglevel=error']), 'debug-loglevel')?.value).toBe('error');
	});

	test('another value takes the place of each one', () => {
		const args = ['--hook-script', 'mine', '-L', '--hook-script=too', '--filename', '--hook-script'];
		expect(withValue(args, 'hook-script', 'ours')).toEqual([
			'--hook-script',
			'ours',
			'-L',
			'--hook-script=ours',
			'--filename',
			'--hook-script',
		]);
	});
});

test.each([
	[['--about'], true],
	[['--get-all-metadata'], true],
	[['--get-metadata', '1', '--list-all-config'], true],
	[['--about', '-L'], false],
	[['--about', '--abilities'], false],
	[['--about', '--camera', 'PTP/IP Camera'], false],
	[['--version'], false],
	[[], false],
])('%j leaves the model to be named: %s', (args, is) => expect(wantsModel(readOptions(args))).toBe(is));

test.each([
	[['--shell'], true],
	[['--config'], true],
	[['--shell', '--help'], false],
	[['--filename', '--shell', '-P'], false],
	[['-L'], false],
])('%j asks a person: %s', (args, is) => expect(asksPerson(readOptions(args))).toBe(is));

test('files to upload are those of the option and all words that are no options', () => {
	expect(filesToRead(readOptions(['-u', 'a', 'b', '--folder', '/x', '--', '-c']))).toEqual(['a', 'b', '-c']);
	expect(filesToRead(readOptions(['--upload-file=-', '-L']))).toEqual([]);
	expect(filesToRead(readOptions(['-p', 'IMG_0001.JPG', 'IMG_0002.JPG']))).toEqual([]);
});

test('no ARGS throw', () => {
	fc.assert(
		fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom('-', '--', '-p', '--get-file', '--=x', '-=')), { maxLength: 6 }), (args) => {
			readOptions(args);
			expect(withValue(args, 'hook-script', 'x')).toHaveLength(args.length);
		}),
	);
});
