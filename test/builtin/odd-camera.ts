/** A camera whose card, habits and faults a test chooses: what the software camera, which has manners, would never do. */
import { deviceInfo, encodeDataset, handles, type ObjectInfo, objectInfo, storageInfo } from '#protocol/ptp/datasets.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { PacketOf } from '#protocol/ptpip/packet.ts';
import { type Line, type ScriptedCamera, scriptedCamera, shakeHands } from '../protocol/ptpip/initiator/scripted-camera.ts';

export interface OddObject {
	handle: number;
	name: string;
	parent?: number;
	folder?: boolean;
	bytes?: Uint8Array;
	/** Said instead of the true size. */
	size?: number;
	date?: string;
}

type Request = PacketOf<'operationRequest'>;

/** Answers in the camera's place; `true` when it did. */
export type Habit = (request: Request, command: Line, event: Line) => boolean | Promise<boolean>;

export interface OddOptions {
	objects?: readonly OddObject[];
	operations?: readonly number[];
	/** All handles, whatever folder is asked for. */
	ignoresParent?: boolean;
	habit?: Habit;
	model?: string;
	imageFormats?: readonly number[];
}

export const BASIC = [0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1007, 0x1008, 0x1009];
export const WITH_PARTS = [...BASIC, 0x101b];
const STORAGE = 0x0001_0001;

export interface OddCamera extends ScriptedCamera {
	/** All requests so far, oldest first. */
	asked: Request[];
	count(code: number): number;
}

export async function oddCamera(options: OddOptions): Promise<OddCamera> {
	const { objects = [], operations = BASIC } = options;
	const asked: Request[] = [];
	const camera = await scriptedCamera(async (lines) => {
		const { command, event } = await shakeHands(lines);
		for (;;) {
			const request = await command.expect('operationRequest').catch(() => undefined);
			if (request === undefined) return;
			asked.push(request);
			if ((await options.habit?.(request, command, event)) === true) continue;
			answerAs(options, objects, operations, request, command);
		}
	});
	return Object.assign(camera, { asked, count: (code: number) => asked.filter((request) => request.code === code).length });
}

/** Data in one End Data packet, then OK. */
export function give(command: Line, transactionId: number, data: Uint8Array, params: readonly number[] = []): void {
	command.send({ kind: 'startData', transactionId, total: BigInt(data.length) });
	command.send({ kind: 'endData', transactionId }, data);
	refuse(command, transactionId, RESPONSE.ok, params);
}

export function refuse(command: Line, transactionId: number, code: number, params: readonly number[] = []): void {
	command.send({ kind: 'operationResponse', code, transactionId, params });
}

function answerAs(
	options: OddOptions,
	objects: readonly OddObject[],
	operations: readonly number[],
	request: Request,
	command: Line,
): unknown {
	const { code, transactionId: id, params } = request;
	const object = objects.find(({ handle }) => handle === params[0]);
	const bytes = object?.bytes ?? new Uint8Array(0);
	switch (operations.includes(code) ? code : 0) {
		case 0x1002:
		case 0x1003:
			return refuse(command, id, RESPONSE.ok);
		case 0x1001:
			return give(command, id, encodeDataset(deviceInfo, device(options, operations)));
		case 0x1004:
			return give(command, id, encodeDataset(handles, [STORAGE]));
		case 0x1005:
			return give(command, id, encodeDataset(storageInfo, CARD));
		case 0x1007: {
			const parent = params[2] === 0xffff_ffff ? 0 : params[2];
			const found = options.ignoresParent === true || params[2] === 0 ? objects : objects.filter((one) => (one.parent ?? 0) === parent);
			return give(
				command,
				id,
				encodeDataset(
					handles,
					found.map(({ handle }) => handle),
				),
			);
		}
		case 0x1008:
			return object === undefined ? refuse(command, id, RESPONSE.invalidObjectHandle) : give(command, id, infoOf(object));
		case 0x1009:
			return give(command, id, bytes);
		case 0x101b: {
			const [, offset = 0, length = 0] = params;
			const part = bytes.subarray(offset, offset + length);
			return give(command, id, part, [part.length]);
		}
		case 0x9801:
			return give(command, id, new Uint8Array(4));
		default:
			return refuse(command, id, RESPONSE.operationNotSupported);
	}
}

function device(options: OddOptions, operations: readonly number[]) {
	return {
		standardVersion: 100,
		vendorExtensionId: 6,
		vendorExtensionVersion: 100,
		vendorExtensionDescription: '',
		functionalMode: 0,
		operations,
		events: [],
		deviceProperties: [],
		captureFormats: [],
		imageFormats: options.imageFormats ?? [0x3801],
		manufacturer: 'Canon Inc.',
		model: options.model ?? 'Canon PowerShot ODD',
		deviceVersion: '1-1.0',
		serialNumber: 'S1',
	};
}

const CARD = {
	storageType: 4,
	filesystemType: 3,
	accessCapability: 0,
	maxCapacity: 32_000_000_000n,
	freeSpace: 1_500_000_000n,
	freeImages: 300,
	description: '',
	volumeLabel: 'CANON_DC',
};

/** An ObjectInfo as bytes. */
export function infoOf(object: OddObject): Uint8Array {
	const info: ObjectInfo = {
		storageId: STORAGE,
		format: object.folder === true ? 0x3001 : 0x3801,
		protection: 0,
		size: object.size ?? object.bytes?.length ?? 0,
		thumbFormat: 0,
		thumbSize: 0,
		thumbWidth: 0,
		thumbHeight: 0,
		imageWidth: 0,
		imageHeight: 0,
		bitDepth: 0,
		parent: object.parent ?? 0,
		associationType: object.folder === true ? 1 : 0,
		associationDescription: 0,
		sequence: 0,
		fileName: object.name,
		captureDate: object.date ?? '',
		modificationDate: object.date ?? '',
		keywords: '',
	};
	return encodeDataset(objectInfo, info);
}
