/** The saved camera that a command is about: which one, whether the one that came is it, and what is learnt of it. */
import { CanonWifiError } from '#contract/errors.ts';
import type { CameraInfo } from '#contract/events.ts';
import type { Profile } from '#contract/profile.ts';
import type { DetectedCamera } from '#discovery/detected-camera.ts';
import type { Diagnosis } from '#discovery/rules/hints.ts';
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
export function tellMissing({ words }: Diagnosis, deps: Pick<Deps, 'emit'>, profile?: Profile): void {
	const message = profile === undefined ? 'No camera yet.' : `The camera "${profile.id}" has not come yet.`;
	deps.emit({ type: 'warning', code: 'stillWaiting', message, next: words });
}

/** A saved camera came that is not one of those that are meant. */
export function tellOther(
	command: 'connect' | 'hold',
	meant: readonly (Profile | undefined)[],
	other: Profile | undefined,
	address: string,
	deps: Pick<Deps, 'emit'>,
): void {
	deps.emit({
		type: 'warning',
		code: 'otherCamera',
		message: `The camera at ${address} is "${other?.id ?? ''}", not ${meant.map((profile) => `"${profile?.id ?? ''}"`).join(' or ')}, so it is left alone.`,
		next: `Run \`canon-wifi ${command} ${other?.id ?? ''}\` for it, or take it all the same with --camera ${address}.`,
	});
}

/** Saves what was learnt in the profile, if this is its camera. */
export function keep(
	profile: Profile | undefined,
	named: boolean,
	camera: DetectedCamera,
	learnt: CameraInfo,
	deps: Deps,
): Profile | undefined {
	const saved = deps.profiles.list();
	const other = named && profile !== undefined && isOtherCamera(profile, camera, learnt);
	const same =
		profile !== undefined && isSameCamera(profile, camera, learnt) ? profile : saved.find((one) => isSameCamera(one, camera, learnt));
	const mine = same ?? ((named && !other) || isBlank(profile) ? profile : undefined);
	if (profile !== undefined && named && mine?.id !== profile.id) {
		const but = mine === undefined ? ', and nothing of it was saved' : ` but that of "${mine.id}"`;
		deps.emit({ type: 'warning', code: 'otherCamera', message: `This is not the camera of "${profile.id}"${but}.` });
	}
	if (mine === undefined) return profile;
	const now = remembered(mine, camera, learnt, deps.clock.date());
	try {
		deps.profiles.save(now);
	} catch (error) {
		// A full disk must not cost the session that has just begun.
		deps.emit({ type: 'warning', code: 'notSaved', message: error instanceof Error ? error.message : String(error) });
	}
	return now;
}

/** A profile that was made by hand and never connected. */
function isBlank(profile: Profile | undefined): boolean {
	return profile !== undefined && profile.serial === null && profile.mac === null && profile.lastUsed === null;
}
