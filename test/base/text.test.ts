import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLine, formatBytes, printable } from '#base/text.ts';

describe('text from outside', () => {
	test.each([
		['IMG_0001.JPG', 'IMG_0001.JPG'],
		['a\nb', 'a\\x0ab'],
		['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
		['\u009b2J', '\\x9b2J'],
		['evil\u202egpj.exe', 'evil\\u{202e}gpj.exe'],
		['Zürich 東京 🎞', 'Zürich 東京 🎞'],
	])('%j is shown as %j', (text, shown) => expect(printable(text)).toBe(shown));

	test('never contains a control character', () => {
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
		fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/.test(printable(text))));
	});
});

test.each([
	[0, '0 B'],
	[999, '999 B'],
	[1500, '1.5 kB'],
	[314_000_000, '314 MB'],
	[4_294_967_296, '4.3 GB'],
])('%d bytes are formatted as %s', (bytes, shown) => expect(formatBytes(bytes)).toBe(shown));

test('a command line can be pasted into a POSIX shell', () => {
	expect(commandLine('gphoto2', ['--port', 'ptpip:192.168.1.45', '--filename', "it's %f.jpg", ''], 'linux')).toBe(
		"gphoto2 --port ptpip:192.168.1.45 --filename 'it'\\''s %f.jpg' ''",
	);
});

test('on Windows a command line can be pasted into PowerShell and cmd, and a bare -- is quoted', () => {
	const paste = (...args: string[]) => commandLine('canon-wifi', args, 'win32');
	expect(paste('connect', '--', 'get', '--to', 'C:\\photos')).toBe('canon-wifi connect "--" get --to C:\\photos');
	expect(paste('--name', "it's here", 'a,b', '')).toBe('canon-wifi --name "it\'s here" "a,b" ""');
	expect(paste('$HOME', 'say "hi"', '“it’s”')).toBe("canon-wifi '$HOME' 'say \"hi\"' '“it’’s”'");
});
