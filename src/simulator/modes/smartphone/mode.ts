/** "Connect to a smartphone" ("imink"): both sides announce and describe themselves, and RemoteCapture leads to PTP-IP. */
import { announce } from '../../discovery/announcer.ts';
import { searchMessage } from '../../discovery/search.ts';
import { serveWeb, type WebAnswer, type WebRequest } from '../../discovery/web.ts';
import type { Activity, ModeHost, ModeMaker } from '../mode.ts';
import { cameraActions, cameraDescription } from './description.ts';
import { phoneHandshake } from './phone-handshake.ts';
import { phoneFinder } from './phones.ts';
import { phoneFirmware } from './reduce.ts';
import { serveRequest } from './service.ts';
import { type PhoneInput, type PhoneRules, type PhoneState, phonePortState, phoneScreen } from './state.ts';
import { ACTIONS_PATH, CAMERA_SERVICE, IMINK_DESCRIPTION_PATH, PHONE_SERVICE, serverOf, XML_TYPE } from './vocabulary.ts';

/** What a PowerShot says about itself to phones, and on which ports. */
export interface PhoneSetUp {
	model: string;
	/** Random, as in a real PowerShot in this mode. */
	uuid: string;
	/** TCP port of the description. The next free one is used if it is taken. */
	descriptionPort: number;
	/** TCP port of the camera's service; 0: any. */
	servicePort: number;
	/** TCP port of the phone's service. */
	phonePort: number;
}

type Host = ModeHost<PhoneState, PhoneInput>;

/** Makes the mode with these rules. */
export function smartphoneMode(setUp: PhoneSetUp, rules: PhoneRules): ModeMaker<PhoneState, PhoneInput> {
	return (host) => {
		const reading = new Readings();
		return {
			step: (state, input) => phoneFirmware(state, input, rules),
			portState: phonePortState,
			screen: phoneScreen,
			activities: (state) => {
				if (state.at === 'off') return [];
				const introducing = { key: 'announce', begin: () => introduce(setUp, host, reading) };
				if (state.at === 'searching') return [introducing];
				if (state.at !== 'greeting') return [introducing, { key: 'service', begin: () => serve(setUp, host) }];
				const { phone } = state;
				const { address, clock, input } = host;
				const begin = async () =>
					phoneHandshake({ phone, address, phonePort: setUp.phonePort, clock, read: reading.by(phone.uuid), input });
				return [introducing, { key: 'greet', begin }];
			},
			portOpened: (_state, address, port) => ({ type: 'portOpened', address, port }),
		};
	};
}

/** Which phones have read the camera's actions, and who waits for that. */
class Readings {
	readonly #readers = new Set<string>();
	readonly #waiting = new Map<string, () => void>();

	noted(uuid: string): void {
		if (this.#readers.size < 1000) this.#readers.add(uuid);
		this.#waiting.get(uuid)?.();
	}

	by(uuid: string): Promise<void> {
		return this.#readers.has(uuid) ? Promise.resolve() : new Promise((resolve) => this.#waiting.set(uuid, resolve));
	}
}

async function introduce(setUp: PhoneSetUp, host: Host, reading: Readings): Promise<Activity> {
	const { address, ssdpPort, clock, emit, faults, input } = host;
	const ending = new AbortController();
	let origin = '';
	const web = await serveWeb(address, setUp.descriptionPort, (request) => describe(request, origin, setUp, host, reading));
	origin = `http://${address}:${web.port}`;
	try {
		const udn = `uuid:${setUp.uuid}`;
		const announcer = await announce({
			address,
			ssdpPort,
			clock,
			emit,
			faults,
			udn,
			location: `${origin}${IMINK_DESCRIPTION_PATH}`,
			server: serverOf(setUp.model),
			types: [CAMERA_SERVICE],
			searches: [searchMessage(ssdpPort, PHONE_SERVICE)],
			heard: phoneFinder({ address, emit, faults, found: (phone) => input({ type: 'phoneFound', phone }), signal: ending.signal }),
		});
		return {
			stop: async () => {
				ending.abort();
				await announcer.stop();
				await web.close();
			},
		};
	} catch (error) {
		await web.close();
		throw error;
	}
}

function describe(
	{ method, target, from, userAgent }: WebRequest,
	origin: string,
	setUp: PhoneSetUp,
	host: Host,
	reading: Readings,
): WebAnswer {
	if (method !== 'GET' && method !== 'HEAD') return { status: 405 };
	const { pathname, searchParams } = new URL(target, origin);
	const headers = { 'Content-Type': XML_TYPE };
	if (pathname === IMINK_DESCRIPTION_PATH) {
		host.emit({ type: 'descriptionServed', from, userAgent: userAgent ?? null, accepted: true });
		return { status: 200, headers, body: cameraDescription({ ...setUp, origin }) };
	}
	if (pathname !== ACTIONS_PATH) return { status: 404 };
	reading.noted((searchParams.get('uuid') ?? '').toLowerCase());
	return { status: 200, headers, body: cameraActions() };
}

async function serve(setUp: PhoneSetUp, host: Host): Promise<Activity> {
	const { address, card, emit } = host;
	const web = await serveWeb(address, setUp.servicePort, (request) =>
		serveRequest(request, { card, state: () => host.state(), input: (input) => host.input(input) }),
	);
	emit({ type: 'phoneServed', address, port: web.port });
	return { stop: () => web.close() };
}
