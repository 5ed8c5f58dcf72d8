/** Reads and changes the profiles in the contents of their file. */
import { newProfile, type Profile } from '#contract/profile.ts';
import type { Settings } from './judge.ts';
import { SETTINGS_VERSION } from './schema.ts';

/** Returns the profiles in a good `profiles.json` in the order of saving. Missing fields get the values of a new profile. */
export function profilesIn(settings: Settings | undefined): Profile[] {
	return rawProfiles(settings).map(completeProfile);
}

/** Fills in the missing fields of a checked profile. Fields that this program does not know are kept. */
export function completeProfile(raw: Partial<Profile> & { id: string; created: string }): Profile {
	return { ...newProfile(raw.id, new Date(0)), ...raw };
}

/** Returns the settings with one profile added or replaced. Unknown fields of the replaced profile are kept. */
export function withProfile(settings: Settings | undefined, profile: Profile): Settings {
	const before = rawProfiles(settings);
	const found = before.some(({ id }) => id === profile.id);
	const after = before.map((raw) => (raw.id === profile.id ? { ...raw, ...profile } : raw));
	return withAll(settings, found ? after : [...after, profile]);
}

/** Returns the settings without this profile. */
export function withoutProfile(settings: Settings | undefined, id: string): Settings {
	return withAll(
		settings,
		rawProfiles(settings).filter((raw) => raw.id !== id),
	);
}

/** Returns the settings with a profile renamed. */
export function withRenamed(settings: Settings | undefined, id: string, to: string): Settings {
	return withAll(
		settings,
		rawProfiles(settings).map((raw) => (raw.id === id ? { ...raw, id: to } : raw)),
	);
}

function rawProfiles(settings: Settings | undefined): (Partial<Profile> & { id: string; created: string })[] {
	return (settings?.profiles ?? []) as (Partial<Profile> & { id: string; created: string })[];
}

function withAll(settings: Settings | undefined, profiles: readonly unknown[]): Settings {
	return { ...settings, version: SETTINGS_VERSION, profiles };
}
