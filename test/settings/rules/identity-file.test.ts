import { expect, test } from 'vitest';
import { salvageIdentity } from '#settings/rules/identity-file.ts';

const uuid = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const now = new Date('2026-01-31T12:00:00Z');

test('a truncated identity file still gives its UUID and name', () => {
	expect(salvageIdentity(`{\n\t"version": 1,\n\t"name": "Living \\"room\\"",\n\t"uuid": "${uuid.toUpperCase()}",\n\t"crea`, now)).toEqual({
		uuid,
		name: 'Living "room"',
		created: now.toISOString(),
	});
});

test('a name that a camera could not show is not rescued', () => {
	expect(salvageIdentity(`"name": "a:b" ${uuid}`, now)?.name).toBeNull();
	expect(salvageIdentity(`"name": "\\x" ${uuid}`, now)?.name).toBeNull();
});

test('nothing is rescued from a file without a UUID', () => {
	expect(salvageIdentity('\0\0\0\0 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4be', now)).toBeUndefined();
});
