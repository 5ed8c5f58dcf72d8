/** Operation 0x9999: CHDK's sub-commands as a table. */
import { CHDK, CHDK_DATA_OUT, CHDK_VERSION, EXECUTE, LANGUAGE, SCRIPT_SUPPORT, TEMP_DATA } from '../../core/chdk/protocol.ts';
import { RESPONSE } from '../../core/ptp/responses.ts';
import type { Device } from '../ptp/device.ts';
import type { Incoming } from '../ptp/incoming.ts';
import type { Answer, Operation, Request } from '../ptp/operation.ts';
import type { ChdkExtension } from './extension.ts';

/** CHDK takes a script in one malloc; far above what a camera has free. */
const LARGEST_SCRIPT = 1024 * 1024;
const LARGEST_MESSAGE = 256 * 1024;
const LARGEST_TEMP = 64 * 1024;

type SubCommand = (request: Request, chdk: ChdkExtension, data: Incoming | undefined) => Answer | Promise<Answer>;

const ok = (...params: number[]): Answer => ({ response: RESPONSE.ok, params });
const none: Promise<Uint8Array> = Promise.resolve(new Uint8Array(0));

const subCommands: ReadonlyMap<number, SubCommand> = new Map<number, SubCommand>([
	[CHDK.version, () => ok(CHDK_VERSION.major, CHDK_VERSION.minor)],
	[
		CHDK.tempData,
		async ({ param }, chdk, data) => {
			const flags = param(2);
			if (data !== undefined) chdk.temp = (await data.collect(LARGEST_TEMP)).slice();
			const stored = chdk.temp;
			if ((flags & TEMP_DATA.clear) !== 0) chdk.temp = undefined;
			if ((flags & TEMP_DATA.download) === 0) return ok();
			return stored === undefined ? { response: RESPONSE.generalError, data: new Uint8Array(1) } : { ...ok(), data: stored };
		},
	],
	[
		CHDK.executeScript,
		async ({ param }, chdk, data) => {
			const flags = param(2);
			const source = await (data?.collect(LARGEST_SCRIPT) ?? none);
			if ((flags & EXECUTE.languageMask) !== LANGUAGE.lua) return { response: RESPONSE.parameterNotSupported };
			const end = source.indexOf(0);
			const { id, status } = chdk.execute(end < 0 ? source : source.subarray(0, end), flags);
			return ok(id, status);
		},
	],
	[CHDK.scriptStatus, (_request, chdk) => ok(chdk.status)],
	[CHDK.scriptSupport, () => ok(SCRIPT_SUPPORT.lua)],
	[
		CHDK.readScriptMsg,
		(_request, chdk) => {
			const message = chdk.readMessage();
			if (message === undefined) return { ...ok(0, 0, 0, 0), data: new Uint8Array(1) };
			const { type, subtype, scriptId, bytes } = message;
			// An empty message still travels as one zero byte.
			return { ...ok(type, subtype, scriptId, bytes.length), data: bytes.length === 0 ? new Uint8Array(1) : bytes };
		},
	],
	[
		CHDK.writeScriptMsg,
		async ({ param }, chdk, data) => {
			const bytes = await (data?.collect(LARGEST_MESSAGE) ?? none);
			return bytes.length === 0 ? { response: RESPONSE.generalError } : ok(chdk.writeMessage(bytes, param(2)));
		},
	],
]);

function hasDataOut({ param }: Request): boolean {
	if (param(1) === CHDK.tempData) return (param(2) & (TEMP_DATA.download | TEMP_DATA.clear)) === 0;
	return CHDK_DATA_OUT.has(param(1));
}

export const chdkOperation: Operation<Device> = {
	dataOut: hasDataOut,
	run(request, { chdk }, data) {
		const subCommand = subCommands.get(request.param(1));
		if (subCommand === undefined || chdk === undefined) return { response: RESPONSE.parameterNotSupported };
		return subCommand(request, chdk, data);
	},
};
