/** Saved cameras and this computer's identity, as commands use them. */
import type { Identity } from '#contract/identity.ts';
import type { Profile } from '#contract/profile.ts';

/** All of these throw `settingsDamaged`, `settingsNewer` or `settingsUnwritable`. */
export interface Profiles {
	list(): Profile[];
	get(id: string): Profile | undefined;
	save(profile: Profile): void;
	remove(id: string): void;
	rename(id: string, to: string): void;
	/** The file, for people. */
	readonly path: string;
}

/** What managing saved cameras needs beyond using them. Each call is one write: all of it or nothing. */
export interface ProfileStore extends Profiles {
	/** Adds these, replacing those of the same id. */
	saveAll(profiles: readonly Profile[]): void;
	/** Changes one with nobody else in between, and gives it back. Throws `noProfile`, and what `change` throws. */
	update(id: string, change: (before: Profile) => Profile): Profile;
}

export interface Identities {
	/** The saved identity, made and saved now if there was none. */
	load(): Identity;
	save(identity: Identity): void;
	exists(): boolean;
	readonly path: string;
}
