/** Names of the smartphone protocol, as recorded from a PowerShot G7 X and Canon's app (Maaajaaa/CanonConnext, sniffs.py). */

/** Type of the camera's service, which phones search for. */
export const CAMERA_SERVICE = 'urn:schemas-canon-com:service:MobileConnectedCameraService:1';
/** Type of the phone's service, which the phone announces. */
export const PHONE_SERVICE = 'urn:schemas-canon-com:service:CameraConnectedMobileService:1';
export const BASIC_DEVICE = 'urn:schemas-upnp-org:device:Basic:1';

export const IMINK_DESCRIPTION_PATH = '/CameraDevDesc.xml';
export const ACTIONS_PATH = '/desc_iml/MobileConnectedCamera.xml';
/** TCP port of both sides' service. */
export const IMINK_PORT = 8615;
/** Beginning of the paths that phones request. The camera's requests go to `/CameraConnectedMobile/`. */
export const SERVICE_PATH = '/MobileConnectedCamera/';
/** Content-Type of the service. The odd space is in the recordings. */
export const XML_TYPE = 'text/xml ; charset=utf-8';

export const serverOf = (model: string): string => `Camera OS/1.0 UPnP/1.0 Camera 1.0/${model}/1.0`;
