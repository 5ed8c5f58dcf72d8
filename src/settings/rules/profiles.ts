/** The profiles inside their file. Pure: settings in, settings out. */
import { newProfile, type Profile } from '#contract/profile.ts';
import type { Settings } from './judge.ts';
import { SETTINGS_VERSION } from './schema.ts';

/** The profiles of a good `profiles.json`, in order of saving; fields that are missing get what a new profile has. */
export function profilesIn(settings: Settings | undefined): Profile[] {
	return rawProfiles(settings).map(completeProfile);
}

/** A checked profile with all its fields, and those that this program does not know. */
export function completeProfile(raw: Partial<Profile> & { id: string; created: string }): Profile {
	return { ...newProfile(raw.id, new Date(0)), ...raw };
}

/** With one profile added or replaced. Unknown fields of the replaced one are kept. */
export function withProfile(settings: Settings | undefined, profile: Profile): Settings {
	const before = rawProfiles(settings);
	const found = before.some(({ id }) => id === profile.id);
	const after = before.map((raw) => (raw.id === profile.id ? { ...raw, ...profile } : raw));
	return withAll(settings, found ? after : [...after, profile]);
}

export function withoutProfile(settings: Settings | undefined, id: string): Settings {
	return withAll(
		settings,
		rawProfiles(settings).filter((raw) => raw.id !== id),
	);
}

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
