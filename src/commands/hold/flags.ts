/** The command line of `hold`. */
import { PTPIP_PORT } from '#protocol/ptpip/port.ts';
import { type CallOf, defineCommand, pick } from '../shared/command-line.ts';
import { CAMERA_FLAGS, NETWORK_FLAGS, PROFILE_ARGUMENT, SSDP_PORT_FLAG, TIMEOUT_FLAG } from '../shared/flags.ts';

export const HOLD = defineCommand({
	name: 'hold',
	summary: 'keep the camera connected and share it with every PTP/IP client on this computer',
	arguments: {
		profile: { ...PROFILE_ARGUMENT, variadic: true, description: 'saved cameras (default: the only one, or whichever comes)' },
	},
	flags: {
		...NETWORK_FLAGS,
		// It is the client itself.
		...pick(CAMERA_FLAGS, 'os', 'unlock', 'camera', 'camera-port'),
		keepalive: { value: 'HOW', description: 'auto, off, or seconds between keep-alive operations (default: auto)' },
		listen: { value: 'ADDR:PORT', description: `where clients connect (default: 127.0.0.1:${PTPIP_PORT}, or the next free port)` },
		'allow-remote': { description: 'allow a --listen address that other computers reach: anyone there can use the camera' },
		'pass-through': {
			value: 'NAME',
			repeats: true,
			description: 'pass on PowerDown, ResetDevice or CloseSession, which ends the session for all clients',
		},
		'wait-clients': { description: 'clients that connect while there is no camera wait for it' },
		all: { description: 'hold every saved camera' },
		...TIMEOUT_FLAG,
		...SSDP_PORT_FLAG,
	},
	rest: 'a command to run with the camera, and its arguments; the hold ends with it',
	examples: [
		'canon-wifi hold',
		'canon-wifi hold studio -- sh -c \'gphoto2 --port "$CANON_WIFI_GPHOTO2_PORT" -L\'',
		'canon-wifi hold --all',
	],
});

export type HoldCall = CallOf<typeof HOLD>;
