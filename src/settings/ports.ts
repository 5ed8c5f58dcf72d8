/** Saved cameras and this computer's identity, as commands use them. */
import type { Identity } from '#contract/identity.ts';
import type { Profile } from '#contract/profile.ts';

/** Saved cameras. All functions throw `settingsDamaged`, `settingsNewer` or `settingsUnwritable`. */
export interface Profiles {
	list(): Profile[];
	get(id: string): Profile | undefined;
	save(profile: Profile): void;
	remove(id: string): void;
	rename(id: string, to: string): void;
	/** Path of the file, for people. */
	readonly path: string;
}

/** Saved cameras for commands that manage them. Each call is one atomic write. */
export interface ProfileStore extends Profiles {
	/** Adds these, replacing those of the same id. */
	saveAll(profiles: readonly Profile[]): void;
	/** Changes one profile under the lock and returns it. Throws `noProfile`, and what `change` throws. */
	update(id: string, change: (before: Profile) => Profile): Profile;
}

/** This computer's identity. */
export interface Identities {
	/** Returns the saved identity; makes and saves one if there is none. */
	load(): Identity;
	save(identity: Identity): void;
	exists(): boolean;
	readonly path: string;
}
