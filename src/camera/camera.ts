/** A camera with an open session: the operations of ISO 15740 that the built-in client uses, as functions. */
import {
	codeList,
	type DeviceInfo,
	decodeDataset,
	deviceInfo,
	handles,
	type ObjectInfo,
	objectInfo,
	type StorageInfo,
	storageInfo,
} from '#protocol/ptp/datasets.ts';
import { isSizeUnknown, objectSize } from '#protocol/ptp/object-size.ts';
import { ALL_STORAGES, ANY_FORMAT, ANY_PARENT, OPERATION } from '#protocol/ptp/operations.ts';
import { OBJECT_PROPERTY } from '#protocol/ptp/properties.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { PtpipConnection } from '#protocol/ptpip/initiator/connection.ts';
import { fetchData, OperationRefused, type PerformOptions, perform, WrongLength } from '#protocol/ptpip/initiator/operations.ts';
import type { Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import type { OperationRequest, OperationResponse, Sink } from '#protocol/ptpip/initiator/transact.ts';
import { MalformedBytes, Reader } from '#protocol/wire/bytes.ts';

/** Most bytes of a dataset: its arrays and strings are short. */
const DATASET_BYTES = 64 * 1024;
/** Most bytes of a list of handles: a quarter of a million objects. */
const HANDLES_BYTES = 1024 * 1024;
/** The session id of OpenSession; any but 0. */
const SESSION_ID = 1;

export class Camera {
	readonly connection: PtpipConnection;
	readonly #timeouts: Timeouts;
	#device: DeviceInfo | undefined;
	/** Set by each step into PTP mode, which on a PowerShot blackens the screen. */
	blackened = false;

	constructor(connection: PtpipConnection, timeouts: Timeouts) {
		this.connection = connection;
		this.#timeouts = timeouts;
	}

	/** Known after `open`. */
	get device(): DeviceInfo {
		if (this.#device === undefined) throw new TypeError('the session is not open');
		return this.#device;
	}

	lists(operation: number): boolean {
		return this.#device?.operations.includes(operation) ?? false;
	}

	/** Opens the session and reads who the camera is. A session that is said to be open already is used. */
	async open(signal: AbortSignal): Promise<DeviceInfo> {
		try {
			await this.perform({ code: OPERATION.openSession, params: [SESSION_ID] }, signal);
		} catch (error) {
			if (!(error instanceof OperationRefused && error.code === RESPONSE.sessionAlreadyOpened)) throw error;
		}
		this.#device = decodeDataset(deviceInfo, await this.fetch(OPERATION.getDeviceInfo, [], DATASET_BYTES, signal));
		return this.#device;
	}

	/**
	 * CloseSession; what the camera answers to it does not matter any more. After `limitMs` the connection is closed,
	 * whatever the camera sends meanwhile and whoever else's transaction is in front.
	 */
	async closeSession(limitMs: number): Promise<void> {
		if (this.connection.lost !== undefined) return;
		const limit = setTimeout(() => this.connection.drop(), limitMs);
		await this.connection.transact({ code: OPERATION.closeSession }).catch(() => {});
		clearTimeout(limit);
	}

	/** Tells which object formats have which properties: on a PowerShot the short step into PTP mode. */
	async propertiesOfFormat(format: number, signal: AbortSignal): Promise<void> {
		this.blackened = true;
		decodeDataset(codeList, await this.fetch(OPERATION.mtpGetObjectPropsSupported, [format], DATASET_BYTES, signal));
	}

	/** Asks for the handles of everything and reads them away: the other step into PTP mode. */
	async touchAllHandles(signal: AbortSignal): Promise<void> {
		this.blackened = true;
		await this.perform({ code: OPERATION.getObjectHandles, params: [ALL_STORAGES, ANY_FORMAT, ANY_PARENT] }, signal);
	}

	async storageIds(signal: AbortSignal): Promise<readonly number[]> {
		return decodeDataset(handles, await this.fetch(OPERATION.getStorageIDs, [], DATASET_BYTES, signal));
	}

	async storage(id: number, signal: AbortSignal): Promise<StorageInfo> {
		return decodeDataset(storageInfo, await this.fetch(OPERATION.getStorageInfo, [id], DATASET_BYTES, signal));
	}

	async handles(storage: number, parent: number, signal: AbortSignal): Promise<readonly number[]> {
		this.blackened = true;
		return decodeDataset(handles, await this.fetch(OPERATION.getObjectHandles, [storage, ANY_FORMAT, parent], HANDLES_BYTES, signal));
	}

	async object(handle: number, signal: AbortSignal): Promise<ObjectInfo> {
		return decodeDataset(objectInfo, await this.fetch(OPERATION.getObjectInfo, [handle], DATASET_BYTES, signal));
	}

	/** Size in bytes of an object; `undefined` when the camera has no way to say it. A size of 0 is not believed. */
	async sizeOf(handle: number, { size }: Pick<ObjectInfo, 'size'>, signal: AbortSignal): Promise<number | undefined> {
		return objectSize(size, isSizeUnknown(size) ? await this.#wideSize(handle, signal) : undefined);
	}

	/** The 64-bit size; `undefined` when the camera does not have it, or answers what cannot be read. */
	async #wideSize(handle: number, signal: AbortSignal): Promise<bigint | undefined> {
		if (!this.lists(OPERATION.mtpGetObjectPropValue)) return undefined;
		try {
			const property = await this.fetch(OPERATION.mtpGetObjectPropValue, [handle, OBJECT_PROPERTY.objectSize], DATASET_BYTES, signal);
			return new Reader(property).u64();
		} catch (error) {
			if (error instanceof OperationRefused || error instanceof WrongLength || error instanceof MalformedBytes) return undefined;
			throw error;
		}
	}

	/** The whole object into the sink. */
	readObject(handle: number, receive: Sink, signal: AbortSignal): Promise<OperationResponse> {
		return this.perform({ code: OPERATION.getObject, params: [handle], receive }, signal);
	}

	/** Whether parts of an object can be had from this offset on. */
	canReadParts(offset: number): boolean {
		return this.lists(OPERATION.androidGetPartialObject64) || (offset <= 0xffff_ffff && this.lists(OPERATION.getPartialObject));
	}

	/** Up to `length` bytes of an object into the sink. */
	readPart(handle: number, offset: number, length: number, receive: Sink, signal: AbortSignal): Promise<OperationResponse> {
		const request: OperationRequest =
			offset + length <= 0xffff_ffff && this.lists(OPERATION.getPartialObject)
				? { code: OPERATION.getPartialObject, params: [handle, offset, length] }
				: { code: OPERATION.androidGetPartialObject64, params: [handle, offset % 2 ** 32, Math.floor(offset / 2 ** 32), length] };
		return this.perform({ ...request, receive }, signal);
	}

	perform(request: OperationRequest, signal: AbortSignal, options: PerformOptions = {}): Promise<OperationResponse> {
		return perform(this.connection, request, { busy: this.#timeouts, signal, ...options });
	}

	async fetch(code: number, params: readonly number[], atMost: number, signal: AbortSignal): Promise<Uint8Array> {
		return (await fetchData(this.connection, { code, params, atMost }, { busy: this.#timeouts, signal })).data;
	}
}
