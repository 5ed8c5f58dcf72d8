/** A camera with an open session. Its methods are the operations of ISO 15740 that we use. */
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

/** Longest accepted dataset in bytes. Its arrays and strings are short. */
const DATASET_BYTES = 64 * 1024;
/** Longest accepted list of handles in bytes, enough for a quarter of a million objects. */
const HANDLES_BYTES = 1024 * 1024;
/** The session id that we use. Any value except 0 is allowed. */
const SESSION_ID = 1;

/** A camera behind an open PTP-IP connection. */
export class Camera {
	readonly connection: PtpipConnection;
	readonly #timeouts: Timeouts;
	#device: DeviceInfo | undefined;
	/** Set by each operation that enters PTP mode, which turns a PowerShot's screen black. */
	blackened = false;

	constructor(connection: PtpipConnection, timeouts: Timeouts) {
		this.connection = connection;
		this.#timeouts = timeouts;
	}

	/** The camera's DeviceInfo. Throws `TypeError` before `open`. */
	get device(): DeviceInfo {
		if (this.#device === undefined) throw new TypeError('the session is not open');
		return this.#device;
	}

	/** Whether the camera's DeviceInfo lists an operation. */
	lists(operation: number): boolean {
		return this.#device?.operations.includes(operation) ?? false;
	}

	/** Opens the session and reads DeviceInfo. If the camera says that a session is open already, that one is used. */
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
	 * Sends CloseSession and ignores the response. After `limitMs` the connection is dropped, whatever the camera sends
	 * meanwhile and whoever's transaction is still running.
	 */
	async closeSession(limitMs: number): Promise<void> {
		if (this.connection.lost !== undefined) return;
		const limit = setTimeout(() => this.connection.drop(), limitMs);
		await this.connection.transact({ code: OPERATION.closeSession }).catch(() => {});
		clearTimeout(limit);
	}

	/** Asks which properties objects of a format have. On a PowerShot this is the short way into PTP mode. */
	async propertiesOfFormat(format: number, signal: AbortSignal): Promise<void> {
		this.blackened = true;
		decodeDataset(codeList, await this.fetch(OPERATION.mtpGetObjectPropsSupported, [format], DATASET_BYTES, signal));
	}

	/** Asks for the handles of all objects and discards them. This is the other way into PTP mode. */
	async touchAllHandles(signal: AbortSignal): Promise<void> {
		this.blackened = true;
		await this.perform({ code: OPERATION.getObjectHandles, params: [ALL_STORAGES, ANY_FORMAT, ANY_PARENT] }, signal);
	}

	/** Resolves to the ids of the camera's storages. */
	async storageIds(signal: AbortSignal): Promise<readonly number[]> {
		return decodeDataset(handles, await this.fetch(OPERATION.getStorageIDs, [], DATASET_BYTES, signal));
	}

	/** Resolves to the description of a storage. */
	async storage(id: number, signal: AbortSignal): Promise<StorageInfo> {
		return decodeDataset(storageInfo, await this.fetch(OPERATION.getStorageInfo, [id], DATASET_BYTES, signal));
	}

	/** Resolves to the handles of the objects in a folder. Enters PTP mode. */
	async handles(storage: number, parent: number, signal: AbortSignal): Promise<readonly number[]> {
		this.blackened = true;
		return decodeDataset(handles, await this.fetch(OPERATION.getObjectHandles, [storage, ANY_FORMAT, parent], HANDLES_BYTES, signal));
	}

	/** Resolves to an object's ObjectInfo. */
	async object(handle: number, signal: AbortSignal): Promise<ObjectInfo> {
		return decodeDataset(objectInfo, await this.fetch(OPERATION.getObjectInfo, [handle], DATASET_BYTES, signal));
	}

	/** Resolves to the size of an object in bytes; `undefined` if the camera cannot tell. A reported size of 0 is not trusted. */
	async sizeOf(handle: number, { size }: Pick<ObjectInfo, 'size'>, signal: AbortSignal): Promise<number | undefined> {
		return objectSize(size, isSizeUnknown(size) ? await this.#wideSize(handle, signal) : undefined);
	}

	/** Resolves to the 64-bit size; `undefined` if the camera does not have it, or if its answer cannot be read. */
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

	/** Reads a whole object into the sink. */
	readObject(handle: number, receive: Sink, signal: AbortSignal): Promise<OperationResponse> {
		return this.perform({ code: OPERATION.getObject, params: [handle], receive }, signal);
	}

	/** Whether the camera can send parts of an object starting at this offset. */
	canReadParts(offset: number): boolean {
		return this.lists(OPERATION.androidGetPartialObject64) || (offset <= 0xffff_ffff && this.lists(OPERATION.getPartialObject));
	}

	/** Reads up to `length` bytes of an object, starting at `offset`, into the sink. */
	readPart(handle: number, offset: number, length: number, receive: Sink, signal: AbortSignal): Promise<OperationResponse> {
		const request: OperationRequest =
			offset + length <= 0xffff_ffff && this.lists(OPERATION.getPartialObject)
				? { code: OPERATION.getPartialObject, params: [handle, offset, length] }
				: { code: OPERATION.androidGetPartialObject64, params: [handle, offset % 2 ** 32, Math.floor(offset / 2 ** 32), length] };
		return this.perform({ ...request, receive }, signal);
	}

	/** Runs an operation that must end with OK; throws as `perform` of operations.ts does. */
	perform(request: OperationRequest, signal: AbortSignal, options: PerformOptions = {}): Promise<OperationResponse> {
		return perform(this.connection, request, { busy: this.#timeouts, signal, ...options });
	}

	/** Runs an operation and resolves to its data, at most `atMost` bytes. */
	async fetch(code: number, params: readonly number[], atMost: number, signal: AbortSignal): Promise<Uint8Array> {
		return (await fetchData(this.connection, { code, params, atMost }, { busy: this.#timeouts, signal })).data;
	}
}
