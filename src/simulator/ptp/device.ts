/** The state that the camera's operations work on. */
import type { Card } from '../card/card.ts';
import type { ChdkExtension } from '../chdk/extension.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { CameraModel } from '../models/model.ts';
import type { CameraEvents } from './camera-events.ts';
import type { DeviceProperties } from './properties.ts';

/** What an operation can cause outside of PTP. */
export interface DeviceEffects {
	sessionOpened(id: number): void;
	sessionClosed(id: number): void;
	/** GetObjectHandles or 0x9801 was done. */
	ptpModeAsked(): void;
	/** PowerDown. */
	powerDown(): void;
}

/** The open PTP session. */
export interface SessionState {
	/** 0: none is open. */
	id: number;
	/** Id of the last transaction that was accepted. */
	lastTransaction: number;
	/** Every answer is OperationNotSupported from now on. */
	dead: boolean;
}

/** The object that SendObjectInfo announced. It is valid until SendObject has sent it, or the session ends. */
export interface AnnouncedObject {
	handle: number;
	/** Handle of its folder, 0 for the root. */
	parent: number;
	name: string;
	/** Bytes; `undefined` if the size does not fit into 32 bits. */
	size: number | undefined;
	modified: Date | undefined;
}

/** The settings of the EOS operations. */
export interface EosSettings {
	remoteMode: number;
	/** Values of the EOS properties by code. Other properties do not exist. */
	properties: Map<number, number>;
}

/** The camera as its operations see it. */
export interface Device {
	model: CameraModel;
	/** Operation codes that DeviceInfo lists. */
	operationCodes: readonly number[];
	card: Card;
	properties: DeviceProperties;
	session: SessionState;
	effects: DeviceEffects;
	events: CameraEvents;
	eos: EosSettings;
	/** The object that SendObject will send. */
	announced: AnnouncedObject | undefined;
	/** Handles that were marked as fetched (SetObjectArchive). */
	archived: Set<number>;
	/** `undefined`: a camera without CHDK. */
	chdk: ChdkExtension | undefined;
	/** The requested faults. */
	faults?: Pick<FaultPlan, 'reportedSize' | 'listing'> | undefined;
}
