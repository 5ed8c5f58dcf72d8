/** One file from the card to this computer: skipped, finished or fetched, and never half-written under its own name. */
import { join } from 'node:path';
import type { Camera } from '#camera/camera.ts';
import { SIZE_BEYOND_32_BITS } from '#protocol/ptp/datasets.ts';
import { parsePtpDate, toLocalDate } from '#protocol/ptp/dates.ts';
import { OperationRefused, WrongLength } from '#protocol/ptpip/initiator/operations.ts';
import { type CardObject, confirmed } from './card.ts';
import { FileSink } from './file-sink.ts';
import {
	dropPart,
	finishPart,
	type LocalFile,
	LocalTrouble,
	localTrouble,
	makeFolders,
	openPart,
	type PartFile,
	setTime,
	standing,
} from './local-files.ts';
import { sameSoFar } from './resume.ts';
import { numbered } from './rules/safe-name.ts';
import { isOnCamera, sameAmong } from './same-file.ts';

/** A file larger than this is fetched in parts if the camera can: then it can be left off at once, and be gone on with. */
const WHOLE_BYTES = 8 * 1024 * 1024;
/** Bytes of the first part: what libgphoto2 asks for; some EOS R failed with 5 MB. */
const FIRST_PART_BYTES = 1024 * 1024;
/** Parts grow up to this while each takes less than `QUICK_PART_MS`: on Wi-Fi they stay short, and so does the wait to cancel. */
const LARGEST_PART_BYTES = 16 * 1024 * 1024;
const QUICK_PART_MS = 250;
/** Parts smaller than this, although more was asked for and is there, are borne so many times. */
const LEAST_PART_BYTES = 16 * 1024;
const MOST_MEAGRE_PARTS = 8;
/** SDXC ends at 2 TiB. */
const LARGEST_CARD_BYTES = 2n ** 41n;
/** Numbers tried for a name that is taken. */
const MOST_NUMBERS = 1000;

export interface Download {
	camera: Camera;
	object: CardObject;
	/** DIR as given, the camera's folders below it, and the file's name: safe names. */
	dir: string;
	to: readonly string[];
	/** Files that this very command has saved: they are not "there already". */
	saved: Set<string>;
	/** Called with the bytes that are there so far. */
	onProgress(bytes: number, total: number | undefined, target: string): void;
	signal: AbortSignal;
}

export interface Downloaded {
	state: 'done' | 'skipped';
	/** Path on this computer. */
	target: string;
	/** 0: the camera said that the file is empty, and sent nothing when it was asked for it. */
	bytes: number;
	/** Bytes that an earlier download had left. */
	resumedFrom: number;
	/** Why the file could not be given the camera's time. It is whole all the same. */
	timeNotSet?: string;
}

/**
 * Downloads one file. Throws `LocalTrouble` for what is wrong here, `OperationRefused` and `WrongLength` for what is
 * wrong there, `ConnectionLost`, or the signal's reason; what has come is then kept in the `.part` file.
 */
export async function download(given: Download): Promise<Downloaded> {
	const { camera, signal } = given;
	const object = await confirmed(camera, given.object, signal);
	const job = { ...given, object };
	const size = await camera.sizeOf(object.handle, object.info, signal);
	const told = { size, date: dateOf(object) };
	/** Files of the same name that may be the same one. */
	const doubles: LocalFile[] = [];
	const name = job.to.at(-1) as string;
	let path = join(job.dir, ...job.to);
	try {
		const folder = await makeFolders(job.dir, job.to.slice(0, -1));
		for (let number = 1; number <= MOST_NUMBERS; number++) {
			path = join(folder, numbered(name, number));
			const there = await standing(path);
			if (there === 'other' || job.saved.has(path)) continue;
			if (there !== 'nothing') {
				const found = await isOnCamera(there, told, { camera, handle: object.handle, signal });
				if (found === 'same') return skipped(there);
				if (found === 'unclear') doubles.push(there);
				continue;
			}
			const done = await intoPart(job, path, size, doubles);
			if (done === undefined) continue;
			if (done.state === 'done') job.saved.add(path);
			return done;
		}
	} catch (error) {
		throw localTrouble(error, path);
	}
	throw new LocalTrouble(`there are too many files of the name ${path}`, false);
}

const skipped = ({ path, bytes }: LocalFile): Downloaded => ({ state: 'skipped', target: path, bytes, resumedFrom: 0 });

/**
 * Fills the `.part` file and gives it its name; nothing when that was taken meanwhile. What turns out to be equal to one
 * of the `doubles` is not kept twice.
 */
async function intoPart(
	job: Download,
	target: string,
	size: number | undefined,
	doubles: readonly LocalFile[],
): Promise<Downloaded | undefined> {
	const part = await openPart(target);
	let left = part.length;
	let sink: FileSink | undefined;
	try {
		const resumedFrom = await usableLength(job, part, size);
		if (resumedFrom < part.length) await part.handle.truncate(resumedFrom);
		left = resumedFrom;
		const filling = new FileSink(part.handle, resumedFrom, () => {
			left = filling.position;
			job.onProgress(left, size, target);
		});
		sink = filling;
		await fill(job, sink, part, size);
		await sink.flushed();
		const double = await sameAmong(doubles, part.handle, sink.position);
		if (double !== undefined) {
			await part.handle.close();
			await dropPart(part);
			return skipped(double);
		}
		const timeNotSet = await setTime(part, dateOf(job.object));
		await part.handle.close();
		if (!(await finishPart(part, target))) return undefined;
		return { state: 'done', target, bytes: sink.position, resumedFrom, ...(timeNotSet === undefined ? {} : { timeNotSet }) };
	} catch (error) {
		// What has come is kept: also what waited to be written when the camera left.
		await sink?.flushed().catch(() => {});
		await part.handle.close().catch(() => {});
		// What is longer than the file is not the file: nothing of it is gone on from.
		if (left === 0 || sink?.refused === true) await dropPart(part).catch(() => {});
		throw error;
	}
}

/** How much of the `.part` file can be gone on from: all of it, if it is the beginning of the same file, or nothing. */
async function usableLength({ camera, object, signal }: Download, part: PartFile, size: number | undefined): Promise<number> {
	if (part.length === 0 || (size !== undefined && part.length > size) || !camera.canReadParts((size ?? 2 * SIZE_BEYOND_32_BITS) - 1))
		return 0;
	return (await sameSoFar(camera, object.handle, part, signal)) ? part.length : 0;
}

async function fill(job: Download, sink: FileSink, part: PartFile, size: number | undefined): Promise<void> {
	const { camera, object, signal } = job;
	if (size !== undefined && sink.position === size) return;
	// A camera that says 0 may give parts of nothing: what it announces with the whole file is the better evidence.
	const inParts = sink.position > 0 || (size === undefined ? object.info.size !== 0 : size > WHOLE_BYTES);
	if (inParts && camera.canReadParts((size ?? 2 * SIZE_BEYOND_32_BITS) - 1)) {
		try {
			return await fillInParts(job, sink, size);
		} catch (error) {
			// Listed but not to be had: then all of it at once.
			if (!(error instanceof OperationRefused)) throw error;
			await sink.flushed();
			await part.handle.truncate(0);
			sink.restart();
		}
	} else if (sink.position > 0) {
		await part.handle.truncate(0);
		sink.restart();
	}
	await camera.readObject(object.handle, sink.takes(size, true), signal);
	if (size !== undefined && sink.position < size) throw new WrongLength(`the camera sent ${sink.position} bytes of a file of ${size}`);
}

async function fillInParts({ camera, object, signal }: Download, sink: FileSink, size: number | undefined): Promise<void> {
	const end = size ?? (await largestOn(camera, object, signal));
	let partBytes = FIRST_PART_BYTES;
	let largest = LARGEST_PART_BYTES;
	let meagre = 0;
	/** The last part was shorter than asked for. */
	let short = false;
	while (sink.position < end) {
		const offset = sink.position;
		const length = Math.min(partBytes, end - offset);
		const began = performance.now();
		try {
			await camera.readPart(object.handle, offset, length, sink.takes(length, false), signal);
		} catch (error) {
			// Behind the end of a file whose size nobody knew.
			if (error instanceof OperationRefused && size === undefined && short && sink.position === offset) return;
			if (!(error instanceof OperationRefused) || length <= FIRST_PART_BYTES || sink.position !== offset) throw error;
			// Too much at once for this camera.
			partBytes = largest = FIRST_PART_BYTES;
			continue;
		}
		const came = sink.position - offset;
		short = came < length;
		if (came === 0) {
			if (size === undefined) return;
			throw new WrongLength(`the camera ended the file after ${offset} of its ${size} bytes`);
		}
		if (short) {
			// Some cameras have a largest part of their own; what is far below that is no way to send a file.
			if (came < Math.min(length, LEAST_PART_BYTES) && ++meagre > MOST_MEAGRE_PARTS)
				throw new WrongLength(`the camera sends the file in pieces of ${came} bytes where ${length} were asked for`);
			partBytes = largest = Math.max(came, LEAST_PART_BYTES);
		} else if (performance.now() - began < QUICK_PART_MS) partBytes = Math.min(partBytes * 2, largest);
	}
	if (size === undefined) throw new WrongLength('the file has no end: it would be larger than the card');
}

/** No file is larger than its card; where that is not told, than any card (SDXC). */
async function largestOn(camera: Camera, { info }: CardObject, signal: AbortSignal): Promise<number> {
	try {
		const { maxCapacity } = await camera.storage(info.storageId, signal);
		return Number(maxCapacity > 0n && maxCapacity < LARGEST_CARD_BYTES ? maxCapacity : LARGEST_CARD_BYTES);
	} catch (error) {
		if (!(error instanceof OperationRefused)) throw error;
		return Number(LARGEST_CARD_BYTES);
	}
}

function dateOf({ info }: CardObject): Date | undefined {
	const time = parsePtpDate(info.modificationDate) ?? parsePtpDate(info.captureDate);
	return time && toLocalDate(time);
}
