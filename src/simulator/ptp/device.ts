/** What the operations of the camera work on. */
import type { Card } from '../card/card.ts';
import type { ChdkExtension } from '../chdk/extension.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { CameraModel } from '../models/model.ts';
import type { CameraEvents } from './camera-events.ts';
import type { DeviceProperties } from './properties.ts';

/** What an operation may set off outside of PTP. */
export interface DeviceEffects {
	sessionOpened(id: number): void;
	sessionClosed(id: number): void;
	/** GetObjectHandles or 0x9801 was done. */
	ptpModeAsked(): void;
	/** PowerDown. */
	powerDown(): void;
}

/** The PTP session that is open, shared by the operations that open and close it. */
export interface SessionState {
	/** 0: none is open. */
	id: number;
	/** Id of the last transaction that was accepted. */
	lastTransaction: number;
	/** Nothing but OperationNotSupported is answered any more. */
	dead: boolean;
}

/** What SendObjectInfo announced. It holds until SendObject has brought it, or the session ends. */
export interface AnnouncedObject {
	handle: number;
	/** Folder that it goes to, 0 for the root. */
	parent: number;
	name: string;
	/** Bytes; nothing when it is more than 32 bits can say. */
	size: number | undefined;
	modified: Date | undefined;
}

/** What the EOS operations have set. */
export interface EosSettings {
	remoteMode: number;
	/** Values of the EOS properties by code; those that are not here do not exist. */
	properties: Map<number, number>;
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
	eos: EosSettings;
	/** What SendObjectInfo announced and SendObject brings. */
	announced: AnnouncedObject | undefined;
	/** Handles that were marked as fetched (SetObjectArchive). */
	archived: Set<number>;
	/** Nothing: a camera without CHDK. */
	chdk: ChdkExtension | undefined;
	/** What it says wrong on request. */
	faults?: Pick<FaultPlan, 'reportedSize' | 'listing'> | undefined;
}
