/** The ways in which a camera can describe a folder, and what they all give. */
import type { Camera } from '#camera/camera.ts';
import type { ObjectInfo } from '#protocol/ptp/datasets.ts';
import { parsePtpDate } from '#protocol/ptp/dates.ts';
import { FORMAT } from '#protocol/ptp/formats.ts';

/** What is kept of an object's description: there may be very many objects. */
export type Described = Pick<ObjectInfo, 'storageId' | 'size' | 'captureDate' | 'modificationDate'>;

/** An object as it was found in a folder. */
export interface FolderEntry {
	handle: number;
	name: string;
	folder: boolean;
	/** The folder's handle as the camera tells it; absent where it does not, 0 for the root. */
	parent?: number | undefined;
	/** Bytes; 0 and 0xFFFFFFFF say nothing. */
	size: number;
	/** Seconds since 1970 by a clock whose zone is not known; absent where the camera does not tell. */
	seconds?: number | undefined;
	/** What the listing says must be held against GetObjectInfo before the file is copied: handle and name were only matched. */
	uncertain?: boolean | undefined;
	/** The storage, where it is told. */
	storageId?: number | undefined;
	/** PTP dates; '' where they are not known. */
	captureDate: string;
	modificationDate: string;
}

/** A folder of one storage. `handle`: 0xFFFFFFFF for the root. */
export interface FolderPlace {
	storage: number;
	handle: number;
	path: readonly string[];
}

/** One way to list a folder. */
export interface Way {
	/** For people: the operation. */
	readonly name: string;
	/** Codes by which a camera is remembered on which it failed; absent: it may be tried again. */
	readonly remembered?: string | undefined;
	/**
	 * Objects directly in the folder. `handles`: those that GetObjectHandles told, where that was asked. Throws what the camera's
	 * operations throw: a refusal, bytes that cannot be read, a lost connection.
	 */
	list(camera: Camera, folder: FolderPlace, handles: readonly number[] | undefined, signal: AbortSignal): Promise<readonly FolderEntry[]>;
	/** It needs the handles of the folder. */
	readonly needsHandles: boolean;
	/** Whether it can list this folder; absent: any. */
	covers?(folder: FolderPlace): boolean;
}

/** Most bytes of one folder's listing: some 70,000 objects. */
export const FOLDER_BYTES = 4 * 1024 * 1024;

/** The entry that GetObjectInfo describes. */
export function entryOf(handle: number, info: ObjectInfo): FolderEntry {
	const { fileName, format, parent, size, storageId, captureDate, modificationDate } = info;
	return { handle, name: fileName, folder: format === FORMAT.association, parent, size, storageId, captureDate, modificationDate };
}

/** Seconds since 1970 of a PTP date, taken for UTC; absent when there is none. */
export function secondsOf({ captureDate, modificationDate }: Pick<ObjectInfo, 'captureDate' | 'modificationDate'>): number | undefined {
	const time = parsePtpDate(modificationDate) ?? parsePtpDate(captureDate);
	return time === undefined ? undefined : Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second) / 1000;
}
