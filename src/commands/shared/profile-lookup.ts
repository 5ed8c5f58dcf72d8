/** The saved camera that a command is about: which one it is, whether it is the one that came, and what was learnt about it. */

import { CanonWifiError } from '#contract/errors.ts';
import type { CameraInfo } from '#contract/events.ts';
import type { Profile } from '#contract/profile.ts';
import { warning } from '#contract/warnings.ts';
import type { DetectedCamera } from '#discovery/detected-camera.ts';
import type { Diagnosis } from '#discovery/rules/hints.ts';
import type { Context } from './context.ts';
import { isOtherCamera, isSameCamera, remembered } from './profile-update.ts';

/** The named profile, or the only one there is. Throws `noProfile`. */
export function profileToUse(id: string | undefined, { profiles }: Pick<Context, 'profiles'>): Profile | undefined {
	const saved = profiles.list();
	if (id === undefined) return saved.length === 1 ? saved[0] : undefined;
	const named = saved.find((profile) => profile.id === id);
	if (named === undefined) throw new CanonWifiError('noProfile', { id, known: saved.map((profile) => profile.id) });
	return named;
}

/** A saved camera came that is not one of those that are wanted. */
export function warnOfOther(
	command: 'connect' | 'hold',
	wanted: readonly (Profile | undefined)[],
	other: Profile | undefined,
	address: string,
	{ emit }: Pick<Context, 'emit'>,
): void {
	emit(warning('otherCamera', { address, is: other?.id ?? '', wanted: wanted.map((profile) => profile?.id ?? ''), command }));
}

/** What to do with why no camera has come for a while. `id`: the one that is missing, where several are waited for. */
export function warnStillWaiting({ emit }: Pick<Context, 'emit'>, id: string | null = null): (diagnosis: Diagnosis) => void {
	return ({ words }) => emit(warning('stillWaiting', { profile: id, hint: words }));
}

/**
 * Saves what was learnt in the profile of this camera, if there is one, and returns the profile to go on with. `named`: the
 * profile was named by hand.
 */
export function updateProfile(
	profile: Profile | undefined,
	named: boolean,
	camera: DetectedCamera,
	learnt: CameraInfo,
	{ profiles, clock, emit }: Pick<Context, 'profiles' | 'clock' | 'emit'>,
): Profile | undefined {
	const saved = profiles.list();
	const other = named && profile !== undefined && isOtherCamera(profile, camera, learnt);
	const same =
		profile !== undefined && isSameCamera(profile, camera, learnt) ? profile : saved.find((one) => isSameCamera(one, camera, learnt));
	const mine = same ?? ((named && !other) || isBlank(profile) ? profile : undefined);
	if (profile !== undefined && named && mine?.id !== profile.id)
		emit(warning('otherCamera', { profile: profile.id, is: mine?.id ?? null }));
	if (mine === undefined) return profile;
	const now = remembered(mine, camera, learnt, clock.date());
	try {
		profiles.save(now);
	} catch (error) {
		// A full disk must not cost the session that has just begun.
		emit(warning('notSaved', { why: error instanceof Error ? error.message : String(error) }));
	}
	return now;
}

/** A profile that was made by hand and never connected. */
function isBlank(profile: Profile | undefined): boolean {
	return profile !== undefined && profile.serial === null && profile.mac === null && profile.lastUsed === null;
}
