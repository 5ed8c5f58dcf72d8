/** `pair` saves the camera that has just been paired: under the given name, its own, or a new one. */
import { printable } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { CameraInfo } from '#contract/events.ts';
import type { Profile } from '#contract/profile.ts';
import { hasSerial } from '#contract/same-camera.ts';
import type { DetectedCamera } from '#discovery/detected-camera.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Context } from '../shared/context.ts';
import { freeId, isOtherCamera, isSameCamera, profileFor, remembered } from '../shared/profile-update.ts';
import type { PairQuestions } from './ask.ts';
import type { PairRequest } from './request.ts';

/** What pairing has found out. */
export interface Paired {
	camera: DetectedCamera;
	learnt: CameraInfo | null;
	/** Where it came. */
	network: NetworkInterface;
}

type SavingContext = Pick<Context, 'profiles' | 'clock' | 'emit'>;

/** Saves it, but never in place of another camera unless a person wants that. Throws `usage` where nobody can be asked. */
export async function saveNamed(
	request: PairRequest,
	paired: Paired,
	context: SavingContext,
	ask: PairQuestions | undefined,
): Promise<Profile> {
	const { id, before } = request;
	const { camera, learnt } = paired;
	if (id === undefined || before === undefined || !isOtherCamera(before, camera, learnt)) return save(id, request, paired, context);
	const saved = context.profiles.list();
	const same = saved.find((profile) => isSameCamera(profile, camera, learnt));
	if (ask !== undefined) {
		const taken = saved.filter((profile) => profile !== same).map((profile) => profile.id);
		const name = await ask.otherName(id, same?.id ?? freeId(learnt?.model ?? null, saved), taken);
		return save(name, request, paired, context);
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
export function save(id: string | undefined, request: PairRequest, { camera, learnt, network }: Paired, context: SavingContext): Profile {
	const { chosen } = request;
	const now = context.clock.date();
	// What was saved of another camera is of no use to this one.
	const saved = context.profiles.list().filter((profile) => profile.id !== id || !isOtherCamera(profile, camera, learnt));
	const base = profileFor(id, saved, camera, learnt, now);
	const profile: Profile = {
		...remembered(base, camera, learnt, now),
		os: chosen.os !== undefined && chosen.os !== 'auto' ? chosen.os : (learnt?.os ?? base.os),
		tool: chosen.tool,
		toolPath: chosen.toolPath ?? (chosen.tool === base.tool ? base.toolPath : null),
		unlock: chosen.unlock ?? base.unlock,
		keepalive: chosen.keepalive ?? base.keepalive,
		interface: network.name,
		name: request.discovery.name,
	};
	context.profiles.save(profile);
	context.emit({ type: 'profile', ...profile });
	return profile;
}
