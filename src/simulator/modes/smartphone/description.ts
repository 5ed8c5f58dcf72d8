/** What the camera says about itself to phones, and what it requires of a phone's description. */

import { escapeXml } from '#protocol/upnp/escape.ts';
import type { Fetched } from '#protocol/upnp/fetch.ts';
import { type Element, findElement, MalformedXml, parseXml } from '#protocol/upnp/xml.ts';
import { BASIC_DEVICE, CAMERA_SERVICE, PHONE_SERVICE } from './vocabulary.ts';

/** Writes CameraDevDesc.xml. Only its path was recorded; its form is that of the phone's own description (CanonConnext). */
export function cameraDescription({ model, uuid, origin }: { model: string; uuid: string; origin: string }): string {
	const imink = (name: string, value: string): string => `<ns:${name} xmlns:ns="urn:schemas-canon-com:schema-imink">${value}</ns:${name}>`;
	return `${[
		'<?xml version="1.0"?>',
		'<root xmlns="urn:schemas-upnp-org:device-1-0">',
		'<specVersion><major>1</major><minor>0</minor></specVersion>',
		`<URLBase>${origin}/</URLBase>`,
		'<device>',
		`<deviceType>${BASIC_DEVICE}</deviceType>`,
		`<friendlyName>${escapeXml(model)}</friendlyName>`,
		'<manufacturer>CANON INC.</manufacturer>',
		'<manufacturerURL>http://www.canon.com/</manufacturerURL>',
		'<modelDescription>Canon Digital Camera</modelDescription>',
		`<modelName>Camera 1.0/${escapeXml(model)}</modelName>`,
		`<UDN>uuid:${uuid}</UDN>`,
		'<serviceList><service>',
		`<serviceType>${CAMERA_SERVICE}</serviceType>`,
		'<serviceId>urn:schemas-canon-com:serviceId:MobileConnectedCamera</serviceId>',
		'<SCPDURL>desc/MobileConnectedCamera.xml</SCPDURL>',
		'<controlURL>MobileConnectedCamera/</controlURL>',
		'<eventSubURL></eventSubURL>',
		imink('X_SCPDURL', 'desc_iml/MobileConnectedCamera.xml'),
		imink('X_ExtActionVer', '1.0'),
		'</service></serviceList>',
		'<presentationURL>/</presentationURL>',
		'</device>',
		'</root>',
	].join('\n')}\n`;
}

/** The camera's actions for the resources that phones were seen to use. */
const ACTIONS: readonly (readonly [string, 'Get' | 'Set', string])[] = [
	['SetUsecaseStatus', 'Set', 'UsecaseStatus'],
	['GetObjIDList', 'Get', 'ObjIDList'],
	['GetGroupedObjIDList', 'Get', 'GroupedObjIDList'],
	['GetObjProperty', 'Get', 'ObjProperty'],
	['GetObjData', 'Get', 'ObjData'],
	['SetDisconnectStatus', 'Set', 'DisconnectStatus'],
];

/** Writes MobileConnectedCamera.xml, in the form of the phone's CameraConnectedMobile.xml. */
export function cameraActions(): string {
	const imink = (name: string, value: string): string => `<ns:${name} xmlns:ns="urn:schemas-canon-com:schema-imink">${value}</ns:${name}>`;
	const actions = ACTIONS.map(
		([name, kind, resource]) => `<action><name>${name}</name>${imink('X_actKind', kind)}${imink('X_resourceName', resource)}</action>`,
	);
	return `${['<?xml version="1.0"?>', '<scpd xmlns="urn:schemas-upnp-org:service-1-0">', '<specVersion><major>1</major><minor>0</minor></specVersion>', '<actionList>', ...actions, '</actionList>', '</scpd>'].join('\n')}\n`;
}

/** The phone's name and the path of its actions, or what is wrong with its description, as part of a sentence. */
export type PhoneVerdict = { name: string; actionsPath: string } | { why: string };

/**
 * Judges the MobileDevDesc.xml of the phone with this UUID. Manufacturer and model are not checked, because michal42/wphoto,
 * which a PowerShot S120 accepted, has its own there.
 */
export function judgePhone(fetched: Fetched, uuid: string): PhoneVerdict {
	return read(fetched, (root) => {
		const name = findElement(root, 'friendlyName')?.text.trim() ?? '';
		if (name === '') return { why: 'it has no friendlyName' };
		if (findElement(root, 'UDN')?.text.trim().toLowerCase() !== `uuid:${uuid}`)
			return { why: 'its UDN is not the UUID that was announced' };
		const service = elements(root, 'service').find((one) => findElement(one, 'serviceType')?.text.trim() === PHONE_SERVICE);
		if (service === undefined) return { why: `it has no service ${PHONE_SERVICE}` };
		const actionsPath = findElement(service, 'X_SCPDURL')?.text.trim() ?? '';
		return actionsPath === '' ? { why: 'its service has no X_SCPDURL' } : { name, actionsPath };
	});
}

/** Says what is wrong with a CameraConnectedMobile.xml, as part of a sentence; `undefined` if it is good. The camera must be able to set UsecaseStatus. */
export function actionsFault(fetched: Fetched): string | undefined {
	const verdict = read(fetched, (root) =>
		elements(root, 'X_resourceName').some(({ text }) => text.trim() === 'UsecaseStatus')
			? {}
			: { why: 'it has no action for UsecaseStatus' },
	);
	return 'why' in verdict ? verdict.why : undefined;
}

// The Content-Type is not checked, because CanonConnext, which a G7 X accepted, serves its description as octet-stream.
function read<T extends object>({ status, body }: Fetched, judge: (root: Element) => T | { why: string }): T | { why: string } {
	if (status !== 200) return { why: `its status is ${status}, not 200` };
	try {
		return judge(parseXml(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)));
	} catch (error) {
		if (error instanceof MalformedXml) return { why: `it is not well-formed XML: ${error.message}` };
		if (error instanceof TypeError) return { why: 'it is not UTF-8' };
		throw error;
	}
}

function elements(root: Element, name: string): Element[] {
	return [...(root.name === name ? [root] : []), ...root.children.flatMap((child) => elements(child, name))];
}
