/** Flags and arguments that several commands have. Defaults stand here and nowhere else. */
import { POLICIES, TOOL_CHOICES } from '#contract/profile.ts';
import { PTPIP_PORT } from '#protocol/ptpip/port.ts';
import { defineFlags, type InferFlags } from './command-line.ts';

/** TCP port of the description when none is given: that of the old helper scripts, which firewalls may know. */
export const DESC_PORT = 8043;
/** Path of the description when none is given, also that of the old helper scripts. */
export const DESC_PATH = 'ptpip-canon-desc-helper.xml';
/** How long a camera is waited for when no limit is given, in seconds. */
export const TIMEOUT_SECONDS = 120;

/** At a simulated camera without a person, SET (or OK) is pressed this long after there is something to choose, in seconds. */
export const PRESSED_AFTER_SECONDS = 1;

export const GLOBAL_FLAGS = defineFlags({
	json: { description: 'print NDJSON events on stdout (docs/events.md)' },
	'no-input': { description: 'never ask: a missing answer is an error that names its flag' },
	quiet: { short: 'q', description: 'print only results and errors' },
	verbose: { short: 'v', description: 'more output, for troubleshooting' },
	'log-file': { value: 'FILE', kind: 'file', description: 'also append all events to this file' },
	'no-color': { description: 'no colours (also NO_COLOR)' },
	'config-dir': { value: 'DIR', kind: 'dir', description: 'where settings are kept (also CANON_WIFI_CONFIG_DIR)' },
});

export const NETWORK_FLAGS = defineFlags({
	interface: { value: 'NAME', kind: 'interface', description: 'network interface that the camera can reach' },
	address: { value: 'IPV4', description: 'address of this computer to announce' },
	name: { short: 'n', value: 'NAME', description: "name on the camera's screen (default: the short host name)" },
	'desc-port': {
		short: 'P',
		value: 'PORT',
		kind: 'port',
		description: `TCP port of the description (default: ${DESC_PORT}, or the next free one)`,
	},
	'desc-path': { oldName: 'file-path', short: 'f', value: 'PATH', description: `path of the description (default: ${DESC_PATH})` },
	'max-age': { value: 'SECONDS', kind: 'seconds', default: 900, description: 'max-age in search responses, in seconds' },
	'bind-all': { short: 'a', description: 'listen on all interfaces' },
});

export const SSDP_PORT_FLAG = defineFlags({
	'ssdp-port': { value: 'PORT', kind: 'port', default: 1900, description: 'SSDP port', hidden: true },
});

export const TIMEOUT_FLAG = defineFlags({
	timeout: { value: 'SECONDS', kind: 'seconds', description: `how long to wait for the camera (default: ${TIMEOUT_SECONDS})` },
});

export const CAMERA_FLAGS = defineFlags({
	tool: { value: 'TOOL', choices: TOOL_CHOICES, description: "client to use (default: the profile's, else the first found)" },
	'tool-path': { value: 'FILE', kind: 'file', description: 'where the program of --tool is' },
	os: {
		value: 'OS',
		choices: ['auto', 'dryos', 'vxworks'],
		description: "the camera's operating system, which decides how it is unlocked (default: ask the camera)",
	},
	unlock: {
		value: 'WHEN',
		choices: POLICIES,
		description: "unlock the camera's screen and buttons (needs CHDK; default: auto)",
	},
	keepalive: { value: 'WHEN', choices: POLICIES, description: 'keep the camera from timing out (default: auto)' },
	camera: { value: 'IPV4', description: 'use only the camera at this address' },
	'camera-port': { value: 'PORT', kind: 'port', default: PTPIP_PORT, description: "the camera's PTP/IP port", hidden: true },
	reconnect: {
		description: 'when the session ends, wait for the camera again; without a limit, unless --timeout is given',
	},
	'dry-run': { description: 'print the command that would use the camera, and exit; nothing is sent' },
});

/** The flags that pair, connect, hold and serve have in common, as parsed; `ssdpPort` is `--port` of serve. */
export type NetworkFlags = InferFlags<typeof NETWORK_FLAGS & typeof SSDP_PORT_FLAG>;
/** The flags about the client and the camera, as parsed. */
export type CameraFlags = InferFlags<Omit<typeof CAMERA_FLAGS, 'reconnect'> & typeof TIMEOUT_FLAG> &
	Partial<InferFlags<Pick<typeof CAMERA_FLAGS, 'reconnect'>>>;

/** A saved camera, by name. */
export const PROFILE_ARGUMENT = { kind: 'profile', description: 'a saved camera' } as const;
