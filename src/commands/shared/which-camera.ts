/** The saved camera that a command is about: which one, whether the one that came is it, and what is learnt of it. */

import { CanonWifiError } from '#contract/errors.ts';
import type { Learnt } from '#contract/events.ts';
import type { Profile } from '#contract/profile.ts';
import { warning } from '#contract/warnings.ts';
import type { Missing } from '#discovery/rules/hints.ts';
import type { Found } from '#discovery/watching.ts';
import type { Deps } from './deps.ts';
import { isOtherCamera, isSameCamera, remembered } from './remember.ts';

/** The named profile, or the only one there is. Throws `noProfile`. */
export function profileToUse(id: string | undefined, deps: Pick<Deps, 'profiles'>): Profile | undefined {
	const saved = deps.profiles.list();
	if (id === undefined) return saved.length === 1 ? saved[0] : undefined;
	const named = saved.find((profile) => profile.id === id);
	if (named === undefined) throw new CanonWifiError('noProfile', { id, known: saved.map((profile) => profile.id) });
	return named;
}

/** Nothing has been found for a while. `profile`: the one that is missing, where several are waited for. */
export function tellMissing({ words }: Missing, deps: Pick<Deps, 'emit'>, profile?: Profile): void {
	deps.emit(warning('stillWaiting', { profile: profile?.id ?? null, hint: words }));
}

/** A saved camera came that is not one of those that are meant. */
export function tellOther(
	command: 'connect' | 'hold',
	meant: readonly (Profile | undefined)[],
	other: Profile | undefined,
	address: string,
	deps: Pick<Deps, 'emit'>,
): void {
	const wanted = meant.map((profile) => profile?.id ?? '');
	deps.emit(warning('otherCamera', { address, is: other?.id ?? '', wanted, command }));
}

/** Saves what was learnt in the profile, if this is its camera. */
export function keep(profile: Profile | undefined, named: boolean, camera: Found, learnt: Learnt, deps: Deps): Profile | undefined {
	const saved = deps.profiles.list();
	const other = named && profile !== undefined && isOtherCamera(profile, camera, learnt);
	const same =
		profile !== undefined && isSameCamera(profile, camera, learnt) ? profile : saved.find((one) => isSameCamera(one, camera, learnt));
	const mine = same ?? ((named && !other) || isBlank(profile) ? profile : undefined);
	if (profile !== undefined && named && mine?.id !== profile.id)
		deps.emit(warning('otherCamera', { profile: profile.id, is: mine?.id ?? null }));
	if (mine === undefined) return profile;
	const now = remembered(mine, camera, learnt, deps.clock.date());
	try {
		deps.profiles.save(now);
	} catch (error) {
		// A full disk must not cost the session that has just begun.
		deps.emit(warning('notSaved', { why: error instanceof Error ? error.message : String(error) }));
	}
	return now;
}

/** A profile that was made by hand and never connected. */
function isBlank(profile: Profile | undefined): boolean {
	return profile !== undefined && profile.serial === null && profile.mac === null && profile.lastUsed === null;
}
