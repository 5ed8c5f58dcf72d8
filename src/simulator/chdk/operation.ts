/** Operation 0x9999 with CHDK's sub-commands. */
import {
	CAPTURE,
	CHDK,
	CHDK_DATA_OUT,
	CHDK_VERSION,
	EXECUTE,
	GET_MEMORY,
	LANGUAGE,
	SCRIPT_ERROR,
	SCRIPT_SUPPORT,
	TEMP_DATA,
	WRITE_STATUS,
} from '#protocol/chdk/protocol.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import { Reader } from '#protocol/wire/bytes.ts';
import type { Device } from '../ptp/device.ts';
import type { Incoming } from '../ptp/incoming.ts';
import type { IncomingRequest, Operation, OperationResult } from '../ptp/operation.ts';
import type { ChdkExtension } from './extension.ts';
import { openDownload, receiveUpload } from './files.ts';

/** Longest script, message, temporary data and function call in bytes. CHDK reads a script or a message into one malloc, and a camera has about 1 MiB free. */
const LARGEST_SCRIPT = 1024 * 1024;
const LARGEST_MESSAGE = 1024 * 1024;
const LARGEST_TEMP = 64 * 1024;
const LARGEST_CALL = 4 * 1024;

type SubCommand = (request: IncomingRequest, chdk: ChdkExtension, data: Incoming) => OperationResult | Promise<OperationResult>;

const ok = (...params: number[]): OperationResult => ({ response: RESPONSE.ok, params });
const generalError: OperationResult = { response: RESPONSE.generalError };
/** One byte, because the client waits for a data phase. */
const dummy = new Uint8Array(1);

const subCommands: ReadonlyMap<number, SubCommand> = new Map<number, SubCommand>([
	[CHDK.version, () => ok(CHDK_VERSION.major, CHDK_VERSION.minor)],
	[
		CHDK.getMemory,
		({ param }, { memory }) => {
			const address = param(2);
			const size = param(3) | 0;
			const known = param(4) === GET_MEMORY.direct || param(4) === GET_MEMORY.buffered;
			if (size < 1 || !known || !memory.holds(address, size)) return generalError;
			return {
				...ok(),
				data: {
					size,
					read: async (into, at) => {
						memory.read(into, address + at);
						return into.length;
					},
					close: async () => {},
				},
			};
		},
	],
	[
		CHDK.setMemory,
		async ({ param }, { memory }, data) => {
			const address = param(2);
			const size = param(3) | 0;
			if (address === 0 || size < 1 || !memory.holds(address, size)) return generalError;
			let at = 0;
			for await (const piece of data.pieces()) {
				memory.write(piece.subarray(0, size - at), address + at);
				at = Math.min(size, at + piece.length);
			}
			return ok();
		},
	],
	[
		CHDK.callFunction,
		async (_request, { memory }, data) => {
			const bytes = await data.collect(LARGEST_CALL);
			if (bytes.length === 0 || bytes.length % 4 !== 0) return generalError;
			const from = new Reader(bytes);
			const [pointer = 0, ...args] = Array.from({ length: bytes.length / 4 }, () => from.u32());
			const result = memory.call(pointer, args);
			return result === undefined ? generalError : ok(result >>> 0);
		},
	],
	[
		CHDK.tempData,
		async ({ param }, chdk, data) => {
			const flags = param(2);
			const stored = chdk.temp;
			if (storesTemp(flags)) chdk.temp = await data.collect(LARGEST_TEMP);
			else if ((flags & TEMP_DATA.clear) !== 0) chdk.temp = undefined;
			if ((flags & TEMP_DATA.download) === 0) return ok();
			return stored === undefined ? generalError : { ...ok(), data: stored };
		},
	],
	[CHDK.uploadFile, async (_request, { root }, data) => ((await receiveUpload(root, data)) ? ok() : generalError)],
	[
		CHDK.downloadFile,
		async (_request, chdk) => {
			const name = chdk.temp;
			chdk.temp = undefined;
			const file = name === undefined ? undefined : await openDownload(chdk.root, name);
			if (file === undefined) return { ...generalError, data: dummy };
			if (file.size > 0) return { ...ok(file.size >>> 0), data: file };
			// As on a camera, an empty file has no data phase, although the client waits for one.
			await file.close();
			return ok(0);
		},
	],
	[
		CHDK.executeScript,
		async ({ param }, chdk, data) => {
			const flags = param(2);
			const source = await data.collect(LARGEST_SCRIPT);
			if ((flags & EXECUTE.languageMask) !== LANGUAGE.lua)
				return { response: RESPONSE.parameterNotSupported, params: [chdk.lastId, SCRIPT_ERROR.none] };
			const end = source.indexOf(0);
			const { id, status } = await chdk.execute(end < 0 ? source : source.subarray(0, end), flags);
			return ok(id, status);
		},
	],
	[CHDK.scriptStatus, (_request, chdk) => ok(chdk.status)],
	[CHDK.scriptSupport, () => ok(SCRIPT_SUPPORT.lua)],
	[
		CHDK.readScriptMsg,
		(_request, chdk) => {
			const message = chdk.readMessage();
			if (message === undefined) return { ...ok(0, 0, 0, 0), data: dummy };
			const { type, subtype, scriptId, bytes } = message;
			// An empty message still travels as one zero byte.
			return { ...ok(type, subtype, scriptId, bytes.length), data: bytes.length === 0 ? dummy : bytes };
		},
	],
	[
		CHDK.writeScriptMsg,
		async ({ param }, chdk, data) => {
			const target = param(2);
			const status = chdk.writeStatus(target);
			// A refused message is discarded, so its length does not matter.
			if (status !== WRITE_STATUS.ok) return ok(status);
			const bytes = await data.collect(LARGEST_MESSAGE);
			if (bytes.length === 0) return { ...generalError, params: [WRITE_STATUS.ok] };
			chdk.writeMessage(bytes, target);
			return ok(status);
		},
	],
	/** There is no live view, so this is the answer of a camera without a frame. */
	[CHDK.getDisplayData, () => ({ response: RESPONSE.generalError, params: [0], data: dummy })],
	[CHDK.remoteCaptureIsReady, () => ok(CAPTURE.notSetUp, 0)],
	[CHDK.remoteCaptureGetData, () => ({ ...ok(0, 0, 0xffff_ffff), data: dummy })],
]);

function storesTemp(flags: number): boolean {
	return (flags & (TEMP_DATA.download | TEMP_DATA.clear)) === 0;
}

function hasDataOut({ param }: IncomingRequest): boolean {
	return param(1) === CHDK.tempData ? storesTemp(param(2)) : CHDK_DATA_OUT.has(param(1));
}

/** The operation. */
export const chdkOperation: Operation<Device> = {
	dataOut: hasDataOut,
	run(request, { chdk }, data) {
		const subCommand = subCommands.get(request.param(1));
		if (subCommand === undefined || chdk === undefined) return { response: RESPONSE.parameterNotSupported };
		// `hasDataOut` is true for each sub-command that reads data.
		return subCommand(request, chdk, data as Incoming);
	},
};
