/** Whose profile a camera that came is written into, and when that is told. */
import { expect, test } from 'vitest';
import type { Context } from '#commands/shared/context.ts';
import { updateProfile } from '#commands/shared/profile-lookup.ts';
import type { CameraInfo, Event } from '#contract/events.ts';
import { newProfile, type Profile } from '#contract/profile.ts';

const camera = { address: '10.0.0.7', mac: null, maker: null, matchedBy: 'description' } as const;
const learnt = (serial: string): CameraInfo => ({ model: 'PowerShot', serial, firmware: null, chdk: null, os: null });
const saved = (id: string, serial: string | null): Profile => ({ ...newProfile(id, new Date(0)), serial });

/** What `updateProfile` saved and told, with these saved cameras of which the first was meant. */
function kept(profiles: readonly Profile[], named: boolean, serial: string) {
	const written: string[] = [];
	const told: Event[] = [];
	const deps = {
		profiles: { list: () => profiles, save: ({ id, lastAddress }: Profile) => written.push(`${id} ${lastAddress}`) },
		clock: { date: () => new Date(0) },
		emit: (event: Event) => told.push(event),
	} as unknown as Context;
	const now = updateProfile(profiles[0], named, camera, learnt(serial), deps);
	return { now: now?.id, written, told: told.map((event) => (event.type === 'warning' ? event.message : event.type)) };
}

test('updates the profile of the camera that was meant, silently', () => {
	for (const named of [true, false])
		expect(kept([saved('studio', 'A1')], named, 'A1')).toEqual({ now: 'studio', written: ['studio 10.0.0.7'], told: [] });
});

test("updates another saved camera's profile instead, and warns if one was named", () => {
	const both = [saved('studio', 'A1'), saved('attic', 'B2')];
	const attic = { now: 'attic', written: ['attic 10.0.0.7'] };
	expect(kept(both, false, 'B2')).toEqual({ ...attic, told: [] });
	expect(kept(both, true, 'B2')).toEqual({ ...attic, told: ['This is not the camera of "studio" but that of "attic".'] });
});

test('saves nothing about an unknown camera, and warns if one was named', () => {
	const none = { now: 'studio', written: [] };
	expect(kept([saved('studio', 'A1')], false, 'C3')).toEqual({ ...none, told: [] });
	expect(kept([saved('studio', 'A1')], true, 'C3')).toEqual({
		...none,
		told: ['This is not the camera of "studio", and nothing about it was saved.'],
	});
});

test('a profile made by hand takes the first camera that comes', () => {
	expect(kept([saved('studio', null)], false, 'C3')).toEqual({ now: 'studio', written: ['studio 10.0.0.7'], told: [] });
});

test('keeps two cameras apart that both report zeros as their serial number', () => {
	const zeros = '0'.repeat(32);
	const both = [saved('studio', zeros), saved('attic', zeros)].map((profile) => ({ ...profile, lastUsed: '2026-01-01T00:00:00Z' }));
	expect(kept(both, false, zeros)).toEqual({ now: 'studio', written: [], told: [] });
	expect(kept(both.slice(1), false, zeros)).toEqual({ now: 'attic', written: [], told: [] });
	// Who names it is believed: nothing speaks against it.
	expect(kept(both, true, zeros)).toEqual({ now: 'studio', written: ['studio 10.0.0.7'], told: [] });
});

test('the profile of a used camera without serial number and MAC is not given to the next camera', () => {
	expect(kept([{ ...saved('studio', null), lastUsed: '2026-01-01T00:00:00Z' }], false, 'C3')).toMatchObject({ written: [] });
});
