import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeDevice, descriptionUrl, requestPath } from '#protocol/upnp/description.ts';
import { escapeXml } from '#protocol/upnp/escape.ts';

const template = readFileSync(new URL('../../../templates/device-description.xml', import.meta.url), 'utf8');
const uuid = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';

test('the document names the computer in front of the first colon', () => {
	const document = describeDevice(template, { name: 'LIVINGROOM', uuid });
	expect(document).toMatch(/^<\?xml version="1.0"\?>\n<root xmlns="urn:schemas-upnp-org:device-1-0">/);
	expect(document).toContain('<friendlyName>LIVINGROOM: canon-wifi:</friendlyName>');
	expect(document).toContain('<UDN>uuid:1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed</UDN>');
	expect(document).toContain('<specVersion><major>1</major><minor>0</minor></specVersion>');
	expect(document).toMatch(/<deviceType>urn:[\w-]+:device:\w+:1<\/deviceType>/);
	expect(document).not.toContain('{{');
	expect(document.endsWith('</root>')).toBe(true);
});

test.each([
	['Tom & Jerry', 'Tom &amp; Jerry'],
	['</friendlyName>', '&lt;/friendlyName&gt;'],
	['"it\'s"', '&quot;it&apos;s&quot;'],
	["$& $1 $` $'", '$&amp; $1 $` $&apos;'],
	['{{uuid}}', '{{uuid}}'],
	['Käthe 🐟', 'Käthe 🐟'],
	['a\0b\x1b[31m\ufffe\ud800c\r', 'ab[31mc&#13;'],
])('the name %j is told as %j', (name, told) => {
	expect(describeDevice(template, { name, uuid })).toContain(`<friendlyName>${told}: canon-wifi:</friendlyName>`);
});

test('whatever the text, only characters of XML 1.0 come out, no markup, and the text can be read back', () => {
	const back: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#13': '\r' };
	fc.assert(
		fc.property(fc.string({ unit: 'binary' }), (text) => {
			const escaped = escapeXml(text);
			expect(escaped).toMatch(/^(?:[\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}])*$/u);
			expect(escaped.replace(/&(?:amp|lt|gt|quot|apos|#13);/g, '')).not.toMatch(/[&<>"']/);
			const allowed = [...text].filter((c) => /[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(c)).join('');
			expect(escaped.replace(/&([a-z]+|#13);/g, (_, entity: string) => back[entity] ?? '?')).toBe(allowed);
		}),
		{ numRuns: 2000 },
	);
});

test('a template that asks for more than there is is a fault of ours', () => {
	expect(() => describeDevice('<a>{{colour}}</a>', { name: 'x', uuid })).toThrow('{{colour}}');
});

test('the address of the document is the one that is served', () => {
	expect(descriptionUrl('192.168.1.20', 8043, 'ptpip-canon-desc-helper.xml')).toBe('http://192.168.1.20:8043/ptpip-canon-desc-helper.xml');
	expect(requestPath('/my camera/ü#1?.xml')).toBe('/my%20camera/%C3%BC%231?.xml');
	expect(requestPath('a\r\nX: y')).toBe('/a%0D%0AX:%20y');
});
