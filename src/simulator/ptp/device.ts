/** What the operations of the camera work on. */

import type { Card } from '../card/card.ts';
import type { ChdkExtension } from '../chdk/extension.ts';
import type { CameraModel } from '../models/model.ts';
import type { CameraEvents } from './camera-events.ts';
import type { EosState } from './eos-operations.ts';
import type { DeviceProperties } from './properties.ts';
import type { SessionState } from './transactions.ts';
import type { AnnouncedObject } from './upload-operations.ts';

/** What an operation may set off outside of PTP. */
export interface DeviceEffects {
	sessionOpened(id: number): void;
	sessionClosed(id: number): void;
	/** GetObjectHandles or 0x9801 was done. */
	ptpModeAsked(): void;
	/** PowerDown. */
	powerDown(): void;
}

export interface Device {
	model: CameraModel;
	/** Codes that DeviceInfo lists. */
	operationCodes: readonly number[];
	card: Card;
	properties: DeviceProperties;
	session: SessionState;
	effects: DeviceEffects;
	events: CameraEvents;
	eos: EosState;
	/** What SendObjectInfo announced and SendObject brings. */
	announced: AnnouncedObject | undefined;
	/** Handles that were marked as fetched (SetObjectArchive). */
	archived: Set<number>;
	/** Nothing: a camera without CHDK. */
	chdk: ChdkExtension | undefined;
}

/** The card: storage 1, partition 1. */
export const STORAGE_ID = 0x0001_0001;
