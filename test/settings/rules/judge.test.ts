import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newProfile } from '#contract/profile.ts';
import { problemIn } from '#settings/rules/check.ts';
import { damagedName, IDENTITY_FILE, isDamagedName, judgeSettings, PROFILES_FILE } from '#settings/rules/judge.ts';
import { completeProfile } from '#settings/rules/profiles.ts';
import { profileSchema, profilesSchema } from '#settings/rules/schema.ts';

const uuid = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const identity = { version: 1, uuid, name: null, created: '2026-01-31T12:00:00.000Z' };
const studio = newProfile('studio', new Date('2026-01-31T12:00:00Z'));
const saved = (...profiles: unknown[]) => JSON.stringify({ version: 1, profiles });

describe('a settings file', () => {
	test('of this format is good, even with a byte order mark and fields of a later program', () => {
		const text = `\ufeff${JSON.stringify({ ...identity, colour: 'red' })}`;
		expect(judgeSettings(IDENTITY_FILE, text)).toEqual({ state: 'good', settings: { ...identity, colour: 'red' } });
	});

	test('of a newer format is recognised before its contents are checked', () => {
		expect(judgeSettings(PROFILES_FILE, '{"version":2,"cameras":{}}')).toEqual({ state: 'newer', version: 2 });
	});

	test.each([
		['', 'it is empty'],
		['\0\0\0', 'it is not JSON'],
		['{"version":1,"profiles":[', 'it is not JSON'],
		['[]', 'the whole is not an object'],
		['{"profiles":[]}', 'version is missing'],
		['{"version":"1","profiles":[]}', 'version is not a whole number'],
		['{"version":0,"profiles":[]}', 'version is below 1'],
		['{"version":1}', 'profiles is missing'],
		['{"version":1,"profiles":{}}', 'profiles is not a list'],
		[saved({ ...studio, tool: 'hammer' }), 'profiles[0].tool is none of gphoto2, chdkptp, builtin, none'],
		[saved(studio, { ...studio, id: 'b', mac: '00-11-22-33-44-55' }), 'profiles[1].mac is not written as it should be'],
		[saved({ ...studio, lastAddress: '192.168.1.256' }), 'profiles[0].lastAddress is not written as it should be'],
		[saved({ ...studio, toolArgs: ['a', 1] }), 'profiles[0].toolArgs[1] is not a text'],
		[saved({ ...studio, chdk: 'yes' }), 'profiles[0].chdk is not true or false or null'],
		[saved({ ...studio, id: '../x' }), 'profiles[0].id is not written as it should be'],
		[saved(studio, studio), 'two profiles are called "studio"'],
	])('like %j is damaged', (text, why) => {
		expect(judgeSettings(PROFILES_FILE, text)).toEqual({ state: 'damaged', why });
	});

	test('is judged as ajv would judge it', () => {
		const ajv = new Ajv2020({ allErrors: true }).compile(profilesSchema);
		const odd = fc.oneof(
			fc.jsonValue(),
			fc.constantFrom('studio', 'dryos', 'auto', 'gphoto2', '00:1e:8f:00:00:01', '10.0.0.1', '2026-01-31T12:00'),
		);
		const field = fc.constantFrom(...Object.keys(profileSchema.properties ?? {}));
		const profile = fc.dictionary(field, odd).map((fields) => ({ ...studio, ...fields }));
		const file = fc.record({ version: fc.oneof(fc.constant(1), fc.jsonValue()), profiles: fc.oneof(fc.array(profile), fc.jsonValue()) });
		fc.assert(
			fc.property(fc.oneof(file, fc.jsonValue()), (value) => {
				expect(problemIn(profilesSchema, value) === undefined).toBe(ajv(value));
			}),
			{ numRuns: 2000 },
		);
	});

	test('without some fields of a profile gets the values of a new profile', () => {
		expect(completeProfile({ id: 'studio', created: studio.created })).toEqual(studio);
	});

	test('that is damaged gets a name with its kind and the time', () => {
		const at = new Date('2026-01-31T12:00:00.123Z');
		expect(damagedName(PROFILES_FILE, at, 1)).toBe('profiles.damaged-20260131T120000Z.json');
		expect(damagedName(IDENTITY_FILE, at, 3)).toBe('identity.damaged-20260131T120000Z-3.json');
		expect(isDamagedName('identity.damaged-20260131T120000Z-3.json')).toBe(true);
		expect(isDamagedName('identity.json')).toBe(false);
	});
});
