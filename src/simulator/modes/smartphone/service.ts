/** The camera's service on port 8615, for a connected phone, as recorded from a G7 X (CanonConnext). */
import type { WebAnswer, WebRequest } from '../../discovery/web.ts';
import { listObjects, objectData, objectProperty, type PhoneCard, result } from './objects.ts';
import { readParamSet } from './result-set.ts';
import type { PhoneInput, PhoneState, Usecase } from './state.ts';
import { SERVICE_PATH } from './vocabulary.ts';

const USECASES: readonly Usecase[] = ['ObjectPull', 'RemoteCapture', 'Disconnect'];
/** The answer to a request out of order. Assumed: a camera's answer was not recorded. */
const NOT_NOW: WebAnswer = { status: 503 };

export interface ServiceOptions {
	card: PhoneCard;
	state(): PhoneState;
	input(input: PhoneInput): void;
}

/** Answers a request of the phone. */
export async function serveRequest(request: WebRequest, { card, state, input }: ServiceOptions): Promise<WebAnswer> {
	const url = new URL(request.target, 'http://camera');
	if (!url.pathname.startsWith(SERVICE_PATH)) return { status: 404 };
	const resource = url.pathname.slice(SERVICE_PATH.length);
	input({ type: 'phoneAsked' });
	const now = state();
	const query = url.searchParams;
	if (resource === 'UsecaseStatus' || resource === 'DisconnectStatus') {
		if (request.method !== 'POST') return { status: 405 };
		const params = readParamSet(request.body);
		if (params === undefined) return { status: 400 };
		if (now.at !== 'serving') return NOT_NOW;
		return resource === 'UsecaseStatus' ? setUsecase(query.get('Name'), params.get('Status'), now, input) : disconnect(params, now, input);
	}
	if (request.method !== 'GET') return { status: 405 };
	const answer = READ[resource];
	if (answer === undefined) return { status: 404 };
	return now.at === 'serving' && now.usecase === 'objectPull' ? answer(card, query) : NOT_NOW;
}

const READ: Readonly<Record<string, (card: PhoneCard, query: URLSearchParams) => Promise<WebAnswer>>> = {
	ObjIDList: (card, query) => listObjects(card, query, false),
	GroupedObjIDList: (card, query) => listObjects(card, query, true),
	ObjProperty: objectProperty,
	ObjData: objectData,
};

type Serving = Extract<PhoneState, { at: 'serving' }>;

function setUsecase(name: string | null, status: string | undefined, now: Serving, input: (input: PhoneInput) => void): WebAnswer {
	const usecase = USECASES.find((one) => one === name);
	if (usecase === undefined || (status !== 'Run' && status !== 'Stop')) return { status: 400 };
	// Browsing must stop before another use case can begin.
	if (usecase === 'RemoteCapture' && now.usecase !== 'none') return NOT_NOW;
	input({ type: 'usecase', name: usecase, run: status === 'Run' });
	return result(['Status', status], ['MajorVersion', 1], ['MinorVersion', 0]);
}

function disconnect(params: ReadonlyMap<string, string>, now: Serving, input: (input: PhoneInput) => void): WebAnswer {
	if (params.get('PowerOff') !== 'TRUE') return { status: 400 };
	if (!now.leaving) return NOT_NOW;
	// The answer is sent before the Wi-Fi goes off.
	setImmediate(() => input({ type: 'powerOffAsked' }));
	return { status: 200 };
}
