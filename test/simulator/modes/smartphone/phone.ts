/** A small Canon app, by hand: announces itself on 127.0.0.2, describes itself, takes the camera's introduction. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { http, listenUpnp, type Upnp } from '../eos/client.ts';

export const PHONE = '127.0.0.2';
export const PHONE_UUID = '7b788b31-ec1e-445a-b5ef-243274b188f6';
export const CAMERA_TYPE = 'urn:schemas-canon-com:service:MobileConnectedCameraService:1';
export const PHONE_TYPE = 'urn:schemas-canon-com:service:CameraConnectedMobileService:1';

const ACTIONS = `<?xml version="1.0"?>
<scpd xmlns="urn:schemas-upnp-org:service-1-0"><actionList><action><name>SetUsecaseStatus</name>
<ns:X_resourceName xmlns:ns="urn:schemas-canon-com:schema-imink">UsecaseStatus</ns:X_resourceName></action></actionList></scpd>`;

const description = (name: string): string => `<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType>
<friendlyName>${name}</friendlyName><manufacturer>CANON INC.</manufacturer><UDN>uuid:${PHONE_UUID.toUpperCase()}</UDN>
<serviceList><service><serviceType>${PHONE_TYPE}</serviceType>
<ns:X_SCPDURL xmlns:ns="urn:schemas-canon-com:schema-imink">desc_iml/CameraConnectedMobile.xml</ns:X_SCPDURL></service></serviceList>
</device></root>`;

export interface Wrong {
	description?: string;
	actions?: string;
	/** Answers this resource with 500. */
	refuses?: string;
	usn?: string;
	location?: string;
}

export interface Phone {
	upnp: Upnp;
	servicePort: number;
	/** Requests of the camera: method, target, body. */
	asked: { line: string; body: string }[];
	announce(): void;
	[Symbol.asyncDispose](): Promise<void>;
}

export async function startPhone(wrong: Wrong = {}): Promise<Phone> {
	const asked: Phone['asked'] = [];
	const web = createServer((request, response) => {
		let body = '';
		request.setEncoding('utf8').on('data', (text: string) => {
			body += text;
		});
		request.on('end', () => {
			const line = `${request.method} ${request.url}`;
			asked.push({ line, body });
			if (line === 'GET /MobileDevDesc.xml') return response.end(wrong.description ?? description('Redmi 5'));
			if (line === 'GET /desc_iml/CameraConnectedMobile.xml') return response.end(wrong.actions ?? ACTIONS);
			response.statusCode = wrong.refuses !== undefined && line.includes(wrong.refuses) ? 500 : 200;
			response.end('');
		});
	});
	web.listen(0, PHONE);
	await once(web, 'listening');
	const { port } = web.address() as AddressInfo;
	const upnp = await listenUpnp(PHONE);
	return {
		upnp,
		servicePort: port,
		asked,
		announce: () =>
			upnp.say(
				[
					'NOTIFY * HTTP/1.1',
					'Host: 239.255.255.250:1900',
					'Cache-Control: max-age=1800',
					`Location: ${wrong.location ?? `http://${PHONE}:${port}/MobileDevDesc.xml`}`,
					`NT: ${PHONE_TYPE}`,
					'NTS: ssdp:alive',
					'Server: Camera OS/1.0 UPnP/1.0 Android 7.1.2/Redmi 5/1.0',
					`USN: ${wrong.usn ?? `uuid:${PHONE_UUID.toUpperCase()}::${PHONE_TYPE}`}`,
					'',
					'',
				].join('\r\n'),
			),
		async [Symbol.asyncDispose]() {
			const closed = once(web, 'close');
			web.close();
			web.closeAllConnections();
			await closed;
			await upnp[Symbol.asyncDispose]();
		},
	};
}

const CAMERA_NAMESPACE = 'urn:schemas-canon-com:service:MobileConnectedCameraService:1';
const XML = { 'Content-Type': 'text/xml ; charset=utf-8' };

/** The phone's requests to the camera's service at `base`. */
export const requests = (base: string) => ({
	get: (resource: string) => http(`${base}${resource}`),
	usecase: (name: string, status: string) =>
		http(`${base}UsecaseStatus?Name=${name}&MajorVersion=1&MinorVersion=0`, {
			method: 'POST',
			body: `<?xml version="1.0"?>\n<ParamSet xmlns="${CAMERA_NAMESPACE}">\n  <Status>${status}</Status>\n</ParamSet>\n`,
			...XML,
		}),
	powerOff: () =>
		http(`${base}DisconnectStatus`, {
			method: 'POST',
			body: `<?xml version="1.0"?>\n<ParamSet xmlns="${CAMERA_NAMESPACE}">\n  <PowerOff>TRUE</PowerOff>\n</ParamSet>`,
			...XML,
		}),
});
