/** "Remote control (EOS Utility)": the camera announces and describes itself, and the computer connects to it. */
import { announce } from '../../discovery/announcer.ts';
import { serveWeb, type WebAnswer, type WebRequest } from '../../discovery/web.ts';
import type { Activity, ModeHost, ModeMaker } from '../mode.ts';
import { EOS_DESCRIPTION_PATH, eosDescription, SERVER, SERVICE_TYPE, UNPAIRED_TARGET, USER_AGENT } from './description.ts';
import { eosFirmware } from './reduce.ts';
import { type EosInput, type EosRules, type EosState, eosPortState, eosScreen } from './state.ts';

/** What an EOS says about itself by UPnP. */
export interface EosIdentity {
	model: string;
	serialNumber: string;
	/** The same as its PTP-IP GUID. */
	uuid: string;
	usbId: string;
	nickname: string;
	/** TCP port of the description. The next free one is used if it is taken; 0 means any. */
	port: number;
}

/** Makes the mode with these rules. */
export function eosMode(identity: EosIdentity, rules: EosRules): ModeMaker<EosState, EosInput> {
	return (host) => ({
		step: (state, input) => eosFirmware(state, input, rules),
		portState: eosPortState,
		screen: eosScreen,
		activities: (state) => (state.at === 'off' ? [] : [{ key: 'announce', begin: () => introduce(identity, host) }]),
		portOpened: (_state, address, port) => ({ type: 'portOpened', address, port }),
	});
}

/** Serves the description, then announces it. */
async function introduce(identity: EosIdentity, host: ModeHost<EosState, EosInput>): Promise<Activity> {
	const { address, ssdpPort, clock, emit, faults } = host;
	let origin = '';
	const web = await serveWeb(address, identity.port, (request) => describe(request, origin, identity, host));
	origin = `http://${address}:${web.port}`;
	try {
		const announcer = await announce({
			address,
			ssdpPort,
			clock,
			emit,
			faults,
			udn: `uuid:${identity.uuid}`,
			location: `${origin}${EOS_DESCRIPTION_PATH}`,
			server: SERVER,
			types: [SERVICE_TYPE],
		});
		return {
			stop: async () => {
				await announcer.stop();
				await web.close();
			},
		};
	} catch (error) {
		await web.close();
		throw error;
	}
}

function describe(request: WebRequest, origin: string, identity: EosIdentity, host: ModeHost<EosState, EosInput>): WebAnswer {
	const { method, target, from, userAgent } = request;
	if (target !== EOS_DESCRIPTION_PATH) return { status: 404 };
	if (method !== 'GET' && method !== 'HEAD') return { status: 405 };
	const state = host.state();
	const known = 'target' in state ? state.target?.uuid : 'computer' in state ? state.computer.uuid : undefined;
	const accepted = method === 'GET' && userAgent?.includes(USER_AGENT) === true;
	host.emit({ type: 'descriptionServed', from, userAgent: userAgent ?? null, accepted });
	if (accepted) host.input({ type: 'descriptionRead', from });
	const onService = state.at === 'handshake' || state.at === 'session';
	return {
		status: 200,
		headers: { 'Content-Type': 'text/xml' },
		body: eosDescription({ ...identity, origin, targetId: known ?? UNPAIRED_TARGET, onService }),
	};
}
