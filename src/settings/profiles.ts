/** Saved cameras in `profiles.json`. Reading loads nothing but Node, and the writer is handed in. */
import { CanonWifiError } from '#contract/errors.ts';
import type { Profile } from '#contract/profile.ts';
import type { ProfileStore } from './ports.ts';
import { PROFILES_FILE, type Settings } from './rules/judge.ts';
import { profilesIn, withoutProfile, withProfile, withRenamed } from './rules/profiles.ts';
import { SettingsFile, type Write } from './settings-file.ts';

export interface ProfilesOptions {
	/** The settings folder, absolute. */
	folder: string;
	/** `confWrite(PROFILES_FILE)`. */
	write: Write;
	now?: (() => Date) | undefined;
}

/** Opens the profiles of a settings folder. Nothing is cached, because other processes save profiles too. */
export function openProfiles({ folder, write, now = () => new Date() }: ProfilesOptions): ProfileStore {
	const file = new SettingsFile({ folder, kind: PROFILES_FILE, now });
	const list = (): Profile[] => profilesIn(file.read());
	return {
		path: file.path,
		list,
		get: (id) => list().find((profile) => profile.id === id),
		save(profile) {
			file.change((before) => withProfile(before, profile), write);
		},
		saveAll(profiles) {
			if (profiles.length === 0) return;
			file.change((before) => profiles.reduce<Settings | undefined>(withProfile, before) as Settings, write);
		},
		update(id, change) {
			let after: Profile | undefined;
			file.change((before) => {
				after = change(demand(before, id));
				return withProfile(before, after);
			}, write);
			return after as unknown as Profile;
		},
		remove(id) {
			file.change((before) => {
				demand(before, id);
				return withoutProfile(before, id);
			}, write);
		},
		rename(id, to) {
			file.change((before) => {
				demand(before, id);
				if (id !== to && profilesIn(before).some((profile) => profile.id === to))
					throw new CanonWifiError('usage', {
						problem: `There is already a profile "${to}".`,
						next: `Remove that one first, or choose another name.`,
					});
				return withRenamed(before, id, to);
			}, write);
		},
	};
}

function demand(settings: Settings | undefined, id: string): Profile {
	const profiles = profilesIn(settings);
	const found = profiles.find((profile) => profile.id === id);
	if (found === undefined) throw new CanonWifiError('noProfile', { id, known: profiles.map((profile) => profile.id) });
	return found;
}
