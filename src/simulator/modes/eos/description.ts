/** CameraDevDesc.xml of an EOS, with elements, order and namespace as recorded from an EOS Rebel T6 (petabyt/vcam). */
import { escapeXml } from '#protocol/upnp/escape.ts';

/** Path of the description. */
export const EOS_DESCRIPTION_PATH = '/upnp/CameraDevDesc.xml';
/** TCP port of the description. */
export const DESCRIPTION_PORT = 49152;
/** The Server field of announcements. */
export const SERVER = 'Camera OS/1.0 UPnP/1.0 Canon Device Discovery/1.0';
/** Service type of "Remote control (EOS Utility)". The smartphone entry has another type (besi/airnef). */
export const SERVICE_TYPE = 'urn:schemas-canon-com:service:ICPO-WFTEOSSystemService:1';
/** X_targetId of a camera that is not paired. */
export const UNPAIRED_TARGET = '00000000-0000-0000-0001-ffffffffffff';
/** User-Agent that a GET must contain, otherwise port 15740 never opens (reported of an EOS 6D). */
export const USER_AGENT = 'Microsoft-Windows/10.0 UPnP/1.0';

/** The values of a description. */
export interface DescribedCamera {
	/** `http://address:port` */
	origin: string;
	model: string;
	serialNumber: string;
	/** UUID exactly as it is sent. */
	uuid: string;
	/** UUID of the computer that the camera expects. */
	targetId: string;
	/** An initiator is connected. */
	onService: boolean;
	/** USB product id, four hexadecimal digits. */
	usbId: string;
	nickname: string;
}

/** Writes the description. */
export function eosDescription({ origin, model, serialNumber, uuid, targetId, onService, usbId, nickname }: DescribedCamera): string {
	const canon = (name: string, value: string): string =>
		`<ns:${name} xmlns:ns="urn:schemas-canon-com:schema-upnp">${escapeXml(value)}</ns:${name}>`;
	return `${[
		'<?xml version="1.0"?>',
		'<root xmlns="urn:schemas-upnp-org:device-1-0">',
		'<specVersion>',
		'<major>1</major>',
		'<minor>0</minor>',
		'</specVersion>',
		`<URLBase>${origin}/upnp/</URLBase>`,
		'<device>',
		'<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType>',
		`<friendlyName>${escapeXml(model)}</friendlyName>`,
		'<manufacturer>Canon</manufacturer>',
		'<manufacturerURL>http://www.canon.com/</manufacturerURL>',
		'<modelDescription>Canon Digital Camera</modelDescription>',
		`<modelName>${escapeXml(model)}</modelName>`,
		`<serialNumber>${escapeXml(serialNumber)}</serialNumber>`,
		`<UDN>uuid:${uuid}</UDN>`,
		'<serviceList>',
		'<service>',
		`<serviceType>${SERVICE_TYPE}</serviceType>`,
		'<serviceId>urn:schemas-canon-com:serviceId:ICPO-WFTEOSSystemService-1</serviceId>',
		'<SCPDURL>CameraSvcDesc.xml</SCPDURL>',
		'<controlURL>control/CanonCamera/</controlURL>',
		'<eventSubURL></eventSubURL>',
		canon('X_targetId', `uuid:${targetId.toUpperCase()}`),
		canon('X_onService', onService ? '1' : '0'),
		canon('X_deviceUsbId', usbId),
		canon('X_deviceNickname', nickname),
		'</service>',
		'</serviceList>',
		'<presentationURL>/</presentationURL>',
		'</device>',
		'</root>',
	].join('\n')}\n`;
}
