/** What was learnt in a connection, put into the camera's profile. */
import type { CameraInfo } from '#contract/events.ts';
import { newProfile, type Profile } from '#contract/profile.ts';
import { type CameraSigns, compareCameras, type Likeness, macToKeep, tellingSerial } from '#contract/same-camera.ts';
import type { DetectedCamera } from '#discovery/detected-camera.ts';

/** The profile brought up to date. What was not learnt this time stays as it was. */
export function remembered(profile: Profile, camera: DetectedCamera, learnt: CameraInfo | null, now: Date): Profile {
	return {
		...profile,
		model: learnt?.model ?? profile.model,
		serial: tellingSerial(learnt?.serial) === null ? (profile.serial ?? learnt?.serial ?? null) : (learnt?.serial ?? null),
		firmware: learnt?.firmware ?? profile.firmware,
		chdk: learnt?.chdk == null ? profile.chdk : learnt.chdk !== false,
		os: learnt?.os ?? profile.os,
		mac: macToKeep(profile.mac, camera),
		lastAddress: camera.address,
		lastUsed: now.toISOString(),
	};
}

/** `Canon PowerShot ELPH 130 IS` as something to type: `elph-130-is`. */
export function idFromModel(model: string | null): string {
	const short = (model ?? '')
		.replace(/canon|powershot|digital/gi, ' ')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+|-+$/g, '')
		.slice(0, 30)
		.replace(/-+$/, '');
	return short === '' ? 'camera' : short;
}

/** Whether this saved profile and what was learnt are the same camera. */
export function isSameCamera(profile: Profile, camera: DetectedCamera, learnt: CameraInfo | null): boolean {
	return likeness(profile, camera, learnt) === 'same';
}

/** Whether they are certainly two cameras. */
export function isOtherCamera(profile: Profile, camera: DetectedCamera, learnt: CameraInfo | null): boolean {
	return likeness(profile, camera, learnt) === 'other';
}

function likeness(profile: Profile, camera: DetectedCamera, learnt: CameraInfo | null): Likeness {
	return compareCameras(savedSigns(profile), { ...camera, serial: learnt?.serial ?? null, model: learnt?.model });
}

/** The signs of a camera that its profile keeps. */
export function savedSigns({ serial, mac, model, lastAddress }: Profile): CameraSigns {
	return { serial, mac, model, address: lastAddress };
}

/** A name that no saved camera has, made from the model. */
export function freeId(model: string | null, saved: readonly Profile[]): string {
	const wish = idFromModel(model);
	let free = wish;
	for (let n = 2; saved.some((profile) => profile.id === free); n++) free = `${wish}-${n}`;
	return free;
}

/** The profile to save a new pairing under: the named one, the one of this very camera, or a new one with a free name. */
export function profileFor(
	id: string | undefined,
	saved: readonly Profile[],
	camera: DetectedCamera,
	learnt: CameraInfo | null,
	now: Date,
): Profile {
	if (id !== undefined) return saved.find((profile) => profile.id === id) ?? newProfile(id, now);
	const same = saved.find((profile) => isSameCamera(profile, camera, learnt));
	if (same !== undefined) return same;
	return newProfile(freeId(learnt?.model ?? null, saved), now);
}
