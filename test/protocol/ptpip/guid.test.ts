import { expect, test } from 'vitest';
import { guidOf, uuidOf } from '#protocol/ptpip/guid.ts';

test('a GUID has the bytes of the UUID text in their order', () => {
	const guid = guidOf('00112233-4455-6677-8899-aabbccddeeff');
	expect(Buffer.from(guid).toString('hex')).toBe('00112233445566778899aabbccddeeff');
	expect(uuidOf(guid)).toBe('00112233-4455-6677-8899-aabbccddeeff');
});
