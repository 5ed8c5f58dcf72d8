import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Banner } from '#tools/output/banner.ts';

const LINES = ['initializing command channel', 'opening session'];
const bytes = (text: string) => new TextEncoder().encode(text);
const passed = (pieces: readonly (readonly [text: string, connected: boolean])[]) => {
	const banner = new Banner(LINES);
	return pieces.map(([text, connected]) => new TextDecoder().decode(banner.pass(bytes(text), connected))).join('');
};

test('exactly these lines go, once each; what comes between and after them stays', () => {
	expect(passed([['mine\ninitializing command channel\nalso mine\nopening session\nopening session\nout\n', false]])).toBe(
		'mine\nalso mine\nopening session\nout\n',
	);
	expect(passed([['not initializing command channel\nopening sessions\n', false]])).toBe(
		'not initializing command channel\nopening sessions\n',
	);
});

test('after the connecting only before anything else: the output of a script may be one of these lines', () => {
	expect(passed([['opening session\n', true]])).toBe('');
	expect(passed([['out\nopening session\n', true]])).toBe('out\nopening session\n');
	expect(
		passed([
			['opening ', false],
			['the door', true],
		]),
	).toBe('opening the door');
});

test('a prompt goes on before its line ends', () => {
	expect(passed([['con> ', false]])).toBe('con> ');
});

test('however the bytes are cut, the same remains', () => {
	const text = 'a startup file says this\ninitializing command channel\r\nopening session\nhost:2.9 cam:2.9\nopening session\n';
	fc.assert(
		fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
			const at = [0, ...cuts.sort((a, b) => a - b), text.length];
			expect(passed(at.slice(1).map((end, n) => [text.slice(at[n], end), false] as const))).toBe(
				'a startup file says this\nhost:2.9 cam:2.9\nopening session\n',
			);
		}),
	);
});

test('bytes that are no text pass unchanged', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (some) => {
			// The beginning of one of the lines would be kept back: no line begins with this byte.
			const bytes = Uint8Array.of(0xff, ...some);
			expect(new Banner(LINES).pass(bytes, true)).toEqual(bytes);
		}),
	);
});
