/**
 * A camera made ready for use: session open, kept from timing out, screen and keys given back, and known. What a
 * camera cannot do is told and is no failure.
 */

import { linkedAbort } from '#base/linked-abort.ts';
import { printable } from '#base/text.ts';
import type { CameraInfo, Emit } from '#contract/events.ts';
import { OS_NAMES } from '#contract/names.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';
import { LEVENT, PTP_MODE_SETTLE_MS } from '#protocol/chdk/protocol.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import type { Limits } from '#protocol/ptpip/initiator/limits.ts';
import { OperationRefused, pause, WrongLength } from '#protocol/ptpip/initiator/operations.ts';
import { MalformedBytes } from '#protocol/wire/bytes.ts';
import type { Job } from '#session/client.ts';
import type { Camera } from './camera.ts';
import { Chdk } from './chdk.ts';
import { ScriptFailed } from './script-output.ts';

/** A script of one line that has not ended by then never will, in milliseconds. */
const SCRIPT_LIMIT_MS = 15_000;

export interface ReadyCamera {
	camera: Camera;
	chdk: Chdk | undefined;
	learnt: CameraInfo;
	/** Gives screen and keys back again, if an operation since has taken them and they were given back before. */
	unlockAgain(signal: AbortSignal): Promise<void>;
}

/** What is known of a camera whose session is open: nothing but its DeviceInfo. */
export function cameraInfoOf(camera: Camera): CameraInfo {
	const { model, serialNumber, deviceVersion } = camera.device;
	const text = (value: string) => (value.trim() === '' ? null : value.trim());
	return { model: text(model), serial: text(serialNumber), firmware: text(deviceVersion), chdk: null, os: null };
}

/** Keep-alive, CHDK, unlock, in this order. `learnt` is filled in as things become known. Throws when the connection is lost. */
export async function makeReady(
	camera: Camera,
	job: Pick<Job, 'keepalive' | 'unlock' | 'os'>,
	learnt: CameraInfo,
	limits: Limits,
	emit: Emit,
	signal: AbortSignal,
): Promise<ReadyCamera> {
	const kept = await keepAlive(camera, job, emit, signal);
	const chdk = await findChdk(camera, limits, signal);
	learnt.chdk = chdk?.versionText ?? false;
	// Asking for the system takes a script, and a script takes away the messages of another client's: not without a need.
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
			// The firmware's way into the black screen takes its time; an unlock that comes sooner is lost.
			await pause(PTP_MODE_SETTLE_MS, again);
			const levent = await postUnlock(chdk, os, again);
			emit({ type: 'unlock', tool: 'builtin', done: true, levent, os });
		},
	};
}

/** One operation ends a PowerShot's "connecting" screen and its time-out; the one with the short answer if it has it. */
async function keepAlive(camera: Camera, job: Pick<Job, 'keepalive'>, emit: Emit, signal: AbortSignal): Promise<boolean> {
	if (job.keepalive === 'never') return false;
	const told = (operation: string) => emit({ type: 'keepalive', tool: 'builtin', operation });
	const [format] = camera.device.imageFormats;
	if (camera.lists(OPERATION.mtpGetObjectPropsSupported) && format !== undefined) {
		try {
			await camera.propertiesOfFormat(format, signal);
			told('GetObjectPropsSupported');
			return true;
		} catch (error) {
			if (!isAnswer(error)) throw error;
		}
	}
	try {
		await camera.touchAllHandles(signal);
		told('GetObjectHandles');
		return true;
	} catch (error) {
		if (!isAnswer(error)) throw error;
		warn(
			emit,
			'keepaliveFailed',
			`The camera could not be kept from timing out: ${error.message}.`,
			'It may leave soon; --reconnect waits for it again.',
		);
		return false;
	}
}

async function findChdk(camera: Camera, limits: Limits, signal: AbortSignal): Promise<Chdk | undefined> {
	if (!camera.lists(OPERATION.chdk)) return undefined;
	try {
		return await Chdk.of(camera.connection, limits, signal);
	} catch (error) {
		if (!isAnswer(error)) throw error;
		return undefined;
	}
}

/** The system whose numbers are used: the given one, else the camera's own. A camera takes the other's without a word. */
async function osToUse(chdk: Chdk, given: Job['os'], learnt: CameraInfo, emit: Emit, signal: AbortSignal): Promise<CameraOs | null> {
	const own = await askOs(chdk, given === 'auto' ? emit : () => {}, signal);
	if (given === 'auto') {
		learnt.os = own;
		return own;
	}
	learnt.os = own ?? given;
	if (own !== null && own !== given)
		warn(
			emit,
			'osDiffers',
			`The camera says that it runs ${OS_NAMES[own]}, but --os said otherwise: its screen may stay black.`,
			'Leave --os out.',
		);
	return given;
}

async function askOs(chdk: Chdk, emit: Emit, signal: AbortSignal): Promise<CameraOs | null> {
	try {
		const [os] = await runLimited(chdk, 'return get_buildinfo().os', signal);
		const name = os?.type === 'string' ? os.value.toLowerCase() : '';
		if (name === 'dryos' || name === 'vxworks') return name;
		warn(emit, 'osUnknown', `The camera says that it runs "${printable(name)}".`, 'Give --os dryos or --os vxworks.');
	} catch (error) {
		if (!isAnswer(error)) throw error;
		warn(
			emit,
			'osUnknown',
			`The camera could not be asked for its system: ${printable(error.message)}.`,
			'Give --os dryos or --os vxworks.',
		);
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
		emit({ type: 'unlock', tool: 'builtin', done: false, ...(os === null ? {} : { os }), why });
		return false;
	};
	if (chdk === undefined) return not('noChdk');
	if (!wanted) return not('off');
	if (os === null) return not('failed');
	try {
		if (settling) await pause(PTP_MODE_SETTLE_MS, signal);
		const levent = await postUnlock(chdk, os, signal);
		emit({ type: 'unlock', tool: 'builtin', done: true, levent, os });
		return true;
	} catch (error) {
		if (!isAnswer(error)) throw error;
		warn(
			emit,
			'unlockFailed',
			`The camera could not be unlocked: ${printable(error.message)}.`,
			'Check --os, and that CHDK is the one for this camera.',
		);
		return not('failed');
	}
}

async function postUnlock(chdk: Chdk, os: CameraOs, signal: AbortSignal): Promise<number> {
	const levent = LEVENT[os].unlock;
	await runLimited(chdk, `post_levent_to_ui(${levent})`, signal);
	return levent;
}

async function runLimited(chdk: Chdk, code: string, signal: AbortSignal) {
	const limited = linkedAbort(signal);
	const limit = setTimeout(() => limited.abort(new ScriptFailed('the script did not end')), SCRIPT_LIMIT_MS);
	try {
		return await chdk.run(code, limited.signal);
	} finally {
		clearTimeout(limit);
		limited.release();
	}
}

/** Whether the camera answered, only not as hoped: the connection goes on. */
export function isAnswer(error: unknown): error is OperationRefused | WrongLength | ScriptFailed | MalformedBytes {
	return (
		error instanceof OperationRefused || error instanceof WrongLength || error instanceof ScriptFailed || error instanceof MalformedBytes
	);
}

function warn(emit: Emit, code: string, message: string, next: string): void {
	emit({ type: 'warning', code, message, next });
}
