/** A proxy in front of a camera that follows a script, packet by packet. */
import { deviceInfo, encodeDataset } from '#protocol/ptp/datasets.ts';
import { answer, scriptedCamera, shakeHands } from '../protocol/ptpip/initiator/scripted-camera.ts';
import { type World, type WorldOptions, worldWithoutCamera } from './world.ts';

/** A held camera that says who it is and then follows the script. */
export async function scriptedWorld(
	script: (lines: Awaited<ReturnType<typeof shakeHands>>) => Promise<void>,
	limits: WorldOptions['limits'] = {},
	clients: WorldOptions['clients'] = {},
	proxy: WorldOptions['proxy'] = {},
): Promise<World & { finished: Promise<void> }> {
	const camera = await scriptedCamera(async (waiting) => {
		const lines = await shakeHands(waiting);
		await answer(lines.command);
		const { transactionId } = await lines.command.expect('operationRequest');
		lines.command.send({ kind: 'startData', transactionId, total: BigInt(WHO.length) });
		lines.command.send({ kind: 'endData', transactionId }, WHO);
		lines.command.send({ kind: 'operationResponse', code: 0x2001, transactionId, params: [] });
		await script(lines);
	});
	const one = await worldWithoutCamera({ proxy: { keepalive: 'off', ...proxy }, unlock: 'never', limits, clients });
	await one.take(camera.port);
	const dispose = one[Symbol.asyncDispose];
	return Object.assign(one, {
		finished: camera.finished,
		async [Symbol.asyncDispose]() {
			await camera[Symbol.asyncDispose](); // it would not answer CloseSession
			await dispose();
		},
	});
}

const WHO = encodeDataset(deviceInfo, {
	standardVersion: 100,
	vendorExtensionId: 0,
	vendorExtensionVersion: 0,
	vendorExtensionDescription: '',
	functionalMode: 0,
	operations: [0x1001, 0x1002, 0x1003, 0x1004],
	events: [],
	deviceProperties: [],
	captureFormats: [],
	imageFormats: [0x3801],
	manufacturer: 'Canon Inc.',
	model: 'Canon PowerShot SCRIPT',
	deviceVersion: '1',
	serialNumber: '1',
});
