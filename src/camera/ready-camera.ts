/**
 * Makes a camera ready for use: keeps it from timing out, unlocks its screen and buttons, and learns what it is. What a
 * camera cannot do is reported and is not a failure.
 */

import { childAbort } from '#base/child-abort.ts';
import type { CameraInfo, Emit } from '#contract/events.ts';
import { OS_NAMES } from '#contract/names.ts';
import { warning } from '#contract/warnings.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';
import { LEVENT, PTP_MODE_SETTLE_MS } from '#protocol/chdk/protocol.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { delay, OperationRefused, WrongLength } from '#protocol/ptpip/initiator/operations.ts';
import type { Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';
import type { Job } from '#session/client.ts';
import type { Camera } from './camera.ts';
import { Chdk } from './chdk.ts';
import { ScriptFailed } from './script-output.ts';

/** Time limit for our scripts of one line, in milliseconds. */
const SCRIPT_LIMIT_MS = 15_000;

/** A camera that is ready for use. */
export interface ReadyCamera {
	camera: Camera;
	chdk: Chdk | undefined;
	learnt: CameraInfo;
	/** Unlocks screen and buttons again, if they were unlocked before and an operation has locked them since. */
	unlockAgain(signal: AbortSignal): Promise<void>;
}

/** Returns what the DeviceInfo of a camera tells. The session must be open. */
export function cameraInfoOf(camera: Camera): CameraInfo {
	const { model, serialNumber, deviceVersion } = camera.device;
	const text = (value: string) => (value.trim() === '' ? null : value.trim());
	return { model: text(model), serial: text(serialNumber), firmware: text(deviceVersion), chdk: null, os: null };
}

/** Does keep-alive, CHDK and unlock in this order, and fills in `learnt` on the way. Throws if the connection is lost. */
export async function makeReady(
	camera: Camera,
	job: Pick<Job, 'keepalive' | 'unlock' | 'os'>,
	learnt: CameraInfo,
	timeouts: Timeouts,
	emit: Emit,
	signal: AbortSignal,
): Promise<ReadyCamera> {
	const kept = await keepAlive(camera, job, emit, signal);
	const chdk = await findChdk(camera, timeouts, signal);
	learnt.chdk = chdk?.versionText ?? false;
	// Asking for the operating system takes a script, which discards the messages of other clients' scripts, so ask only if needed.
	const os = chdk === undefined || job.unlock === 'never' ? null : await osToUse(chdk, job.os, learnt, emit, signal);

	const wanted = job.unlock === 'always' || (job.unlock === 'auto' && kept);
	const unlocked = await unlock(chdk, os, wanted, kept, emit, signal);
	camera.blackened = false;
	return {
		camera,
		chdk,
		learnt,
		async unlockAgain(again) {
			if (!camera.blackened || !unlocked || chdk === undefined || os === null) return;
			camera.blackened = false;
			// The firmware takes time to turn the screen black, and an earlier unlock is lost.
			await delay(PTP_MODE_SETTLE_MS, again);
			const levent = await postUnlock(chdk, os, again);
			emit({ type: 'unlock', tool: 'builtin', done: true, levent, os });
		},
	};
}

/** Ends a PowerShot's "connecting" screen and its time-out with one operation, the one with the short answer if it has that. */
async function keepAlive(camera: Camera, job: Pick<Job, 'keepalive'>, emit: Emit, signal: AbortSignal): Promise<boolean> {
	if (job.keepalive === 'never') return false;
	const done = (operation: string) => emit({ type: 'keepalive', tool: 'builtin', operation });
	const [format] = camera.device.imageFormats;
	if (camera.lists(OPERATION.mtpGetObjectPropsSupported) && format !== undefined) {
		try {
			await camera.propertiesOfFormat(format, signal);
			done('GetObjectPropsSupported');
			return true;
		} catch (error) {
			if (!isAnswer(error)) throw error;
		}
	}
	try {
		await camera.touchAllHandles(signal);
		done('GetObjectHandles');
		return true;
	} catch (error) {
		if (!isAnswer(error)) throw error;
		emit(warning('keepaliveFailed', { why: error.message }));
		return false;
	}
}

async function findChdk(camera: Camera, timeouts: Timeouts, signal: AbortSignal): Promise<Chdk | undefined> {
	if (!camera.lists(OPERATION.chdk)) return undefined;
	try {
		return await Chdk.of(camera.connection, timeouts, signal);
	} catch (error) {
		if (!isAnswer(error)) throw error;
		return undefined;
	}
}

/** Returns the operating system whose event numbers are used: the given one, otherwise the camera's own. A camera does not complain about the wrong numbers. */
async function osToUse(chdk: Chdk, given: Job['os'], learnt: CameraInfo, emit: Emit, signal: AbortSignal): Promise<CameraOs | null> {
	const own = await askOs(chdk, given === 'auto' ? emit : () => {}, signal);
	if (given === 'auto') {
		learnt.os = own;
		return own;
	}
	learnt.os = own ?? given;
	if (own !== null && own !== given) emit(warning('osDiffers', { os: OS_NAMES[own] }));
	return given;
}

async function askOs(chdk: Chdk, emit: Emit, signal: AbortSignal): Promise<CameraOs | null> {
	try {
		const [os] = await runLimited(chdk, 'return get_buildinfo().os', signal);
		const name = os?.type === 'string' ? os.value.toLowerCase() : '';
		if (name === 'dryos' || name === 'vxworks') return name;
		emit(warning('osUnknown', { said: name }));
	} catch (error) {
		if (!isAnswer(error)) throw error;
		emit(warning('osUnknown', { why: error.message }));
	}
	return null;
}

async function unlock(
	chdk: Chdk | undefined,
	os: CameraOs | null,
	wanted: boolean,
	settling: boolean,
	emit: Emit,
	signal: AbortSignal,
): Promise<boolean> {
	const not = (why: 'noChdk' | 'off' | 'failed') => {
		const event = { type: 'unlock', tool: 'builtin', done: false, why } as const;
		emit(os === null ? event : { ...event, os });
		return false;
	};
	if (chdk === undefined) return not('noChdk');
	if (!wanted) return not('off');
	if (os === null) return not('failed');
	try {
		if (settling) await delay(PTP_MODE_SETTLE_MS, signal);
		const levent = await postUnlock(chdk, os, signal);
		emit({ type: 'unlock', tool: 'builtin', done: true, levent, os });
		return true;
	} catch (error) {
		if (!isAnswer(error)) throw error;
		emit(warning('unlockFailed', { why: error.message }));
		return not('failed');
	}
}

async function postUnlock(chdk: Chdk, os: CameraOs, signal: AbortSignal): Promise<number> {
	const levent = LEVENT[os].unlock;
	await runLimited(chdk, `post_levent_to_ui(${levent})`, signal);
	return levent;
}

async function runLimited(chdk: Chdk, code: string, signal: AbortSignal) {
	const limited = childAbort(signal);
	const limit = setTimeout(() => limited.abort(new ScriptFailed('the script did not end')), SCRIPT_LIMIT_MS);
	try {
		return await chdk.run(code, limited.signal);
	} finally {
		clearTimeout(limit);
		limited.release();
	}
}

/** Whether an error is an unwelcome answer of the camera, after which the connection continues. */
export function isAnswer(error: unknown): error is OperationRefused | WrongLength | ScriptFailed | MalformedBytes {
	return (
		error instanceof OperationRefused || error instanceof WrongLength || error instanceof ScriptFailed || error instanceof MalformedBytes
	);
}
