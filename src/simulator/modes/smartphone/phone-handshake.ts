/** The steps after a phone was chosen: the camera reads its actions, waits until it is read itself, and introduces itself by five POSTs. */
import { request } from 'node:http';
import { fetchDescription } from '#protocol/upnp/fetch.ts';
import type { SimulatorClock } from '../../clock.ts';
import type { Activity } from '../mode.ts';
import { actionsFault } from './description.ts';
import { setDocument } from './result-set.ts';
import type { Phone, PhoneInput } from './state.ts';
import { PHONE_SERVICE, XML_TYPE } from './vocabulary.ts';

const POST_LIMIT_MS = 5000;
/** How long the camera waits for the phone to read its actions before it continues, in milliseconds. Assumed: only that it waits long is known. */
export const READ_WAIT_MS = 10_000;

/** Resource and body of each POST, in order (Maaajaaa/CanonConnext, sniffs.py). The value of Name was not recorded. */
const POSTS: readonly { resource: string; values: readonly (readonly [string, string])[] }[] = [
	{ resource: 'UsecaseStatus?Name=Connect&MajorVersion=0&MinorVersion=1', values: [['Status', 'Run']] },
	{
		resource: 'CapabilityInfo',
		values: [
			['Pull_Operating', 'TRUE'],
			['GPS_Operating', 'TRUE'],
			['RemoteCapture_Operating', 'TRUE'],
			['ConnectionMode', '1'],
			['GroupType', 'Basic'],
			['CustomMode', 'ModeA&ModeC'],
		],
	},
	{ resource: 'CameraInfo', values: [['CardProtect', 'FALSE']] },
	{
		resource: 'NFCData',
		values: [
			['AARData', 'jp.co.canon.ic.cameraconnect'],
			['URIData', 'canon-a01'],
		],
	},
	{ resource: 'UsecaseStatus?Name=Connect&MajorVersion=0&MinorVersion=1', values: [['Status', 'Stop']] },
];

export interface PhoneHandshakeOptions {
	phone: Phone;
	/** The camera's own address. */
	address: string;
	/** TCP port of the phone's service; 8615 except in tests. */
	phonePort: number;
	clock: SimulatorClock;
	/** Resolves when the phone has read the camera's actions. */
	read: Promise<void>;
	input(input: PhoneInput): void;
}

/** Begins at once, and ends with the input `greeted` or `greetingFailed` unless it is stopped first. */
export function phoneHandshake({ phone, address, phonePort, clock, read, input }: PhoneHandshakeOptions): Activity {
	const ending = new AbortController();
	const { signal } = ending;
	const work = (async () => {
		const fault = actionsFault(await fetchDescription(phone.actions, address, signal));
		if (fault !== undefined) throw new Error(`its list of actions will not do: ${fault}`);
		let stop = (): void => {};
		await Promise.race([
			read,
			new Promise<void>((resolve) => {
				stop = clock.after(READ_WAIT_MS, resolve);
				signal.addEventListener('abort', () => resolve());
			}),
		]);
		stop();
		for (const { resource, values } of POSTS) {
			const status = await post(`http://${phone.address}:${phonePort}/CameraConnectedMobile/${resource}`, values, address, signal);
			if (status !== 200) throw new Error(`it answered ${resource} with ${status}, not 200`);
		}
	})();
	work.then(
		() => signal.aborted || input({ type: 'greeted' }),
		(error: Error) => signal.aborted || input({ type: 'greetingFailed', why: error.message }),
	);
	return {
		stop: async () => {
			ending.abort();
			await work.catch(() => {});
		},
	};
}

function post(url: string, values: readonly (readonly [string, string])[], from: string, signal: AbortSignal): Promise<number> {
	return new Promise((resolve, reject) => {
		const body = new TextEncoder().encode(setDocument('ParamSet', PHONE_SERVICE, values));
		const asked = request(url, {
			method: 'POST',
			localAddress: from,
			agent: false,
			signal,
			headers: { 'Content-Type': XML_TYPE, 'Content-Length': body.length, Connection: 'close' },
		});
		asked.setTimeout(POST_LIMIT_MS, () => asked.destroy(new Error('no answer in time')));
		asked.on('error', reject);
		asked.on('response', (response) => {
			response.resume();
			response.on('error', reject);
			response.on('end', () => resolve(response.statusCode ?? 0));
		});
		asked.end(body);
	});
}
