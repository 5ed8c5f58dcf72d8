/** `pair` saves the camera that has just been paired: under the given name, its own, or a new one. */

import { printable } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { CameraInfo } from '#contract/events.ts';
import type { Profile } from '#contract/profile.ts';
import { hasSerial } from '#contract/same-camera.ts';
import type { DetectedCamera } from '#discovery/detected-camera.ts';
import type { Deps } from '../shared/deps.ts';
import { freeId, isOtherCamera, isSameCamera, profileFor, remembered } from '../shared/remember.ts';
import { askOtherName } from './ask.ts';
import type { PairFlags, Settled } from './settings.ts';

/** Saves it, but never in place of another camera unless a person wants that. Throws `usage` where nobody can be asked. */
export async function saveNamed(
	id: string | undefined,
	camera: DetectedCamera,
	learnt: CameraInfo | null,
	settled: Settled,
	flags: PairFlags,
	deps: Deps,
): Promise<Profile> {
	const { before } = settled;
	if (id === undefined || before === undefined || !isOtherCamera(before, camera, learnt))
		return save(id, camera, learnt, settled, flags, deps);
	const saved = deps.profiles.list();
	const same = saved.find((profile) => isSameCamera(profile, camera, learnt));
	if (deps.conversation) {
		const taken = saved.filter((profile) => profile !== same).map((profile) => profile.id);
		const name = await askOtherName(id, same?.id ?? freeId(learnt?.model ?? null, saved), taken, deps.asking);
		return save(name, camera, learnt, settled, flags, deps);
	}
	const known = [before.model, hasSerial(before) ? `serial ${before.serial}` : before.mac].filter((part) => part !== null);
	throw new CanonWifiError('usage', {
		problem: `"${id}" is another camera (${printable(known.join(', '))}), so this one was not saved.`,
		next:
			same === undefined
				? `Pair it under another name, or forget the other one first: \`canon-wifi profiles remove ${id}\`.`
				: `This one is saved as "${same.id}": \`canon-wifi connect ${same.id}\` uses it.`,
	});
}

/** Saves it under this name, whatever was there; without one under its own, or a new one. */
export function save(
	id: string | undefined,
	camera: DetectedCamera,
	learnt: CameraInfo | null,
	settled: Settled,
	flags: PairFlags,
	deps: Deps,
): Profile {
	const now = deps.clock.date();
	// What was saved of another camera is of no use to this one.
	const saved = deps.profiles.list().filter((profile) => profile.id !== id || !isOtherCamera(profile, camera, learnt));
	const base = profileFor(id, saved, camera, learnt, now);
	const profile: Profile = {
		...remembered(base, camera, learnt, now),
		os: flags.os !== undefined && flags.os !== 'auto' ? flags.os : (learnt?.os ?? base.os),
		tool: settled.tool,
		toolPath: flags.toolPath ?? (settled.tool === base.tool ? base.toolPath : null),
		unlock: flags.unlock ?? base.unlock,
		keepalive: flags.keepalive ?? base.keepalive,
		interface: settled.network.name,
		name: settled.name,
	};
	deps.profiles.save(profile);
	deps.emit({ type: 'profile', ...profile });
	return profile;
}
