import { expect, test } from 'vitest';
import { leadsTo, matches, selection, selects, selectsItself } from '#transfer/rules/selection.ts';

const picture = ['DCIM', '100CANON', 'IMG_0001.JPG'];

test.each([
	'/DCIM/100CANON/IMG_0001.JPG',
	'DCIM/100CANON/IMG_0001.JPG',
	'dcim/100canon/img_0001.jpg',
	'A/DCIM/100CANON/IMG_0001.JPG',
	'DCIM\\100CANON\\IMG_0001.JPG',
	'IMG_0001.JPG',
	'img_0001.jpg',
	'*.JPG',
	'IMG_000?.JPG',
	'100CANON',
	'DCIM/100CANON',
	'DCIM/*/IMG_*',
	'/DCIM/',
	'/',
	'./DCIM',
])('%s means the picture', (text) => {
	expect(selects(selection(text), picture)).toBe(true);
});

test.each(['/IMG_0001.JPG', 'DCIM/IMG_0001.JPG', 'IMG_0001', '*.CR2', '101CANON', 'DCIM/100CANON/IMG_0001.JPG/x', 'IMG_00?.JPG'])(
	'%s does not mean it',
	(text) => {
		expect(selects(selection(text), picture)).toBe(false);
	},
);

test('a folder need not be read when nothing in it can be meant', () => {
	expect(leadsTo(selection('DCIM/100CANON/x'), ['DCIM'])).toBe(true);
	expect(leadsTo(selection('DCIM/100CANON/x'), ['DCIM', '101CANON'])).toBe(false);
	expect(leadsTo(selection('DCIM/100CANON'), ['DCIM', '100CANON', 'deep'])).toBe(true);
	expect(leadsTo(selection('x.jpg'), ['MISC'])).toBe(true);
	expect(leadsTo(selection('/MISC'), ['DCIM'])).toBe(false);
});

test('the thing itself is not what is in it', () => {
	expect(selectsItself(selection('DCIM'), ['DCIM'])).toBe(true);
	expect(selectsItself(selection('DCIM'), picture)).toBe(false);
	expect(selectsItself(selection('/DCIM/100CANON'), ['DCIM', '100CANON'])).toBe(true);
	expect(selectsItself(selection('/DCIM/100CANON'), ['DCIM', '101CANON'])).toBe(false);
	expect(selectsItself(selection('/DCIM'), ['DCIM', '100CANON'])).toBe(false);
});

test('a pattern full of stars against a long name from a camera is decided at once', () => {
	expect(matches(`${'a*'.repeat(60)}b`, 'a'.repeat(254))).toBe(false);
	expect(matches('*', '')).toBe(true);
	expect(matches('[a]', '[a]')).toBe(true);
	expect(matches('?', '😀')).toBe(true);
});
