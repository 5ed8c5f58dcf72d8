import { expect, test } from 'vitest';
import { answerFields, bareAnswer, statusOf } from '#protocol/upnp/request.ts';
import { fuzzRuns } from '../../support/fuzz.ts';

const PATH = '/desc.xml';

test.each([
	['GET', '/desc.xml', 200],
	['HEAD', '/desc.xml', 200],
	['GET', 'http://192.168.1.20:8043/desc.xml', 200],
	['GET', 'HTTP://any.name/desc.xml', 200],
	['POST', '/desc.xml', 405],
	['get', '/desc.xml', 405],
	['M-POST', '/desc.xml', 405],
	['GET', '/', 404],
	['GET', '/desc.xml/', 404],
	['GET', '//desc.xml', 404],
	['GET', '/desc.xml?', 404],
	['GET', '/desc.xml#x', 404],
	['GET', '/DESC.XML', 404],
	['GET', '/%64esc.xml', 404],
	['GET', '/../desc.xml', 404],
	['GET', '/etc/passwd', 404],
	['GET', 'http://192.168.1.20:8043', 404],
	['GET', 'https://192.168.1.20/desc.xml', 404],
	['GET', 'ftp://x/desc.xml', 404],
	['OPTIONS', '*', 404],
	['PUT', '/other', 404],
	['GET', '', 400],
	['GET', '/desc.xml\0', 400],
	['GET', '/désc.xml', 400],
	['', '/desc.xml', 400],
] as const)('%s %s is answered with %i', (method, target, status) => {
	expect(statusOf({ method, target, version: '1.1' }, PATH)).toBe(status);
});

test.each([
	['1.0', 200],
	['1.1', 200],
	['0.9', 400],
	['2.0', 400],
	['', 400],
] as const)('HTTP/%s is answered with %i', (version, status) => {
	expect(statusOf({ method: 'GET', target: '/desc.xml', version }, PATH)).toBe(status);
});

test('a description is announced as cameras demand it', () => {
	expect(Object.entries(answerFields(200, 388))).toEqual([
		['Server', 'Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0 Microsoft-HTTPAPI/2.0'],
		['Content-Type', 'text/xml; charset="utf-8"'],
		['Content-Length', '388'],
		['Connection', 'close'],
	]);
	expect(answerFields(405, 0)).toMatchObject({ Allow: 'GET, HEAD' });
});

test('what nobody can understand is refused in whole lines', () => {
	expect(bareAnswer(400)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n(?:[A-Za-z-]+: [^\r\n]+\r\n)+\r\n$/);
});

test('whatever is asked for, only the one path gives the description', () => {
	const runs = fuzzRuns(100_000);
	const { pick, below, scribble } = runs;
	const good = ['/desc.xml', 'http://192.168.1.20:8043/desc.xml'].map((text) => new TextEncoder().encode(text));
	const pieces = [
		'/',
		'desc.xml',
		'..',
		'%2e',
		'?',
		'#',
		'http://',
		'HTTP://',
		'\\',
		'\0',
		'\r\n',
		' ',
		'ü',
		'@',
		':8043',
		'a'.repeat(3000),
	];
	const seen: Record<number, number> = {};
	const given = /^(?:http:\/\/[^/?#]*)?\/desc\.xml$/i;
	runs.each(() => {
		const target =
			below(2) === 0
				? new TextDecoder('latin1').decode(scribble(pick(good)))
				: Array.from({ length: below(8) }, () => pick(pieces)).join('');
		const method = pick(['GET', 'HEAD', 'POST', 'GE T', '', '\0', 'SUBSCRIBE']);
		const status = statusOf({ method, target, version: '1.1' }, PATH);
		seen[status] = (seen[status] ?? 0) + 1;
		if (status === 200 && !(given.test(target) && (method === 'GET' || method === 'HEAD')))
			throw new Error(`${method} ${JSON.stringify(target)}`);
	});
	expect(Object.keys(seen)).toEqual(['200', '400', '404', '405']); // the fuzz reaches every answer
});
