/** Every command and flag, as data: commander, the help, the check for misspellings and shell completion are made from it. */
import { SIMULATE_FLAGS, SIMULATE_NOTES } from '#commands/simulate/flags.ts';
import { POLICIES, TOOL_CHOICES } from '#contract/profile.ts';
import { PTPIP_PORT } from '#protocol/ptpip/port.ts';

/** What a flag's value is; `cli/program.ts` checks it. */
export type ValueKind = 'text' | 'file' | 'dir' | 'port' | 'seconds' | 'count' | 'interface' | 'profile' | 'model';

export interface Flag {
	long: string;
	short?: string;
	/** Name of the value in the help; absent for a switch. */
	value?: string;
	kind?: ValueKind;
	choices?: readonly string[];
	default?: string;
	/** May be given again and again; the value is a list. */
	repeats?: boolean;
	description: string;
	/** Works, but is not shown: for tests, or only to be refused with a reason. */
	hidden?: boolean;
	/** Long name that the old helper scripts had for it: works, and is not shown. */
	oldName?: string;
}

export interface Argument {
	name: string;
	required: boolean;
	variadic?: boolean;
	kind?: ValueKind;
	choices?: readonly string[];
	description: string;
}

export interface CommandSpec {
	name: string;
	summary: string;
	arguments: readonly Argument[];
	flags: readonly Flag[];
	/** What may follow `--`, for the help; absent: nothing may. */
	rest?: string;
	/** What the flags do not tell, a paragraph each. */
	notes?: readonly string[];
	examples: readonly string[];
	hidden?: boolean;
	subcommands?: readonly CommandSpec[];
}

export const GLOBAL_FLAGS: readonly Flag[] = [
	{ long: 'json', description: 'print NDJSON events on stdout (docs/events.md)' },
	{ long: 'no-input', description: 'never ask; a missing answer is an error that names its flag' },
	{ long: 'quiet', short: 'q', description: 'only results and errors' },
	{ long: 'verbose', short: 'v', description: 'more output, for troubleshooting' },
	{ long: 'log-file', value: 'FILE', kind: 'file', description: 'also write all events there' },
	{ long: 'no-color', description: 'no colours (also NO_COLOR)' },
	{ long: 'config-dir', value: 'DIR', kind: 'dir', description: 'where settings are (also CANON_WIFI_CONFIG_DIR)' },
];

export const NETWORK_FLAGS: readonly Flag[] = [
	{ long: 'interface', value: 'NAME', kind: 'interface', description: 'network interface that the camera can reach' },
	{ long: 'address', value: 'IPV4', description: "this computer's address to announce" },
	{ long: 'name', short: 'n', value: 'NAME', description: "name on the camera's screen (default: the short host name)" },
	{
		long: 'desc-port',
		short: 'P',
		value: 'PORT',
		kind: 'port',
		description: 'port of the description (default: 8043, or the next free one)',
	},
	{
		long: 'desc-path',
		oldName: 'file-path',
		short: 'f',
		value: 'PATH',
		description: 'path of the description (default: ptpip-canon-desc-helper.xml)',
	},
	{ long: 'max-age', value: 'SECONDS', kind: 'seconds', default: '900', description: 'how long an answer is good' },
	{ long: 'bind-all', short: 'a', description: 'listen on all interfaces' },
];

const TIMEOUT: Flag = {
	long: 'timeout',
	value: 'SECONDS',
	kind: 'seconds',
	default: '120',
	description: 'how long to wait for the camera',
};

export const CAMERA_FLAGS: readonly Flag[] = [
	{ long: 'tool', value: 'TOOL', choices: TOOL_CHOICES, description: "client to use (default: the profile's, else the first found)" },
	{ long: 'tool-path', value: 'FILE', kind: 'file', description: 'where the tool is' },
	{
		long: 'os',
		value: 'OS',
		choices: ['auto', 'dryos', 'vxworks'],
		description: "the camera's operating system, which decides how it is unlocked (default: ask it)",
	},
	{ long: 'unlock', value: 'WHEN', choices: POLICIES, description: 'give screen and keys back (default: auto, where CHDK can)' },
	{ long: 'keepalive', value: 'WHEN', choices: POLICIES, description: 'keep the camera from timing out (default: auto)' },
	{ long: 'camera', value: 'IPV4', description: 'only the camera at this address' },
	{ long: 'camera-port', value: 'PORT', kind: 'port', default: String(PTPIP_PORT), description: "the camera's PTP/IP port", hidden: true },
	{ long: 'reconnect', description: 'wait for the camera again whenever the session ends; as long as it takes, unless --timeout is given' },
	{ long: 'dry-run', description: 'only print the command that would be run on the camera; nothing is sent' },
];

/** What `hold` takes of the camera's flags: it is the client itself, and keeps its own way of keeping alive. */
const HOLD_FLAGS: readonly Flag[] = [
	...CAMERA_FLAGS.filter(({ long }) => ['os', 'unlock', 'camera', 'camera-port'].includes(long)),
	{ long: 'keepalive', value: 'HOW', description: 'auto, off, or seconds between two signs of life (default: auto)' },
	{ long: 'listen', value: 'ADDR:PORT', description: `where clients connect (default: 127.0.0.1:${PTPIP_PORT}, or the next free port)` },
	{ long: 'allow-remote', description: 'let --listen be an address that others reach: everybody there can use the camera' },
	{
		long: 'pass-through',
		value: 'NAME',
		repeats: true,
		description: 'pass PowerDown, ResetDevice or CloseSession on, which ends it for all',
	},
	{ long: 'wait-clients', description: 'clients that come while there is no camera wait for it' },
	{ long: 'all', description: 'hold every saved camera' },
];

const VIA: Flag = {
	long: 'via',
	value: 'HOW',
	choices: ['hold', 'direct'],
	description: 'through a running `canon-wifi hold`, or not (default: through it if it has this camera)',
};

const PROFILE_ARGUMENT: Argument = { name: 'profile', required: false, kind: 'profile', description: 'a saved camera' };
const HIDDEN_SSDP_PORT: Flag = { long: 'ssdp-port', value: 'PORT', kind: 'port', default: '1900', description: 'SSDP port', hidden: true };
const SSDP_PORT: Flag = {
	long: 'port',
	short: 'p',
	value: 'PORT',
	kind: 'port',
	default: '1900',
	description: 'SSDP port; cameras know no other',
};

export const COMMANDS: readonly CommandSpec[] = [
	{
		name: 'pair',
		summary: 'pair a camera: a guide through all of it, then the camera is saved',
		arguments: [{ ...PROFILE_ARGUMENT, description: 'name to save the camera under (default: made from its model)' }],
		// It connects once, to learn about the camera.
		flags: [...NETWORK_FLAGS, ...CAMERA_FLAGS.filter(({ long }) => long !== 'reconnect'), TIMEOUT, HIDDEN_SSDP_PORT],
		examples: ['canon-wifi pair', 'canon-wifi pair studio --tool gphoto2 --no-input'],
	},
	{
		name: 'connect',
		summary: 'wait for a paired camera and start the tool on it',
		arguments: [PROFILE_ARGUMENT],
		flags: [...NETWORK_FLAGS, ...CAMERA_FLAGS, VIA, TIMEOUT, HIDDEN_SSDP_PORT],
		rest: "the tool's own arguments; without them it is interactive",
		examples: [
			'canon-wifi connect',
			'canon-wifi connect studio -- --get-all-files',
			'canon-wifi connect --tool builtin -- get --all --to photos',
		],
	},
	{
		name: 'hold',
		summary: 'keep the camera connected and let any PTP/IP client on this computer use it',
		arguments: [{ ...PROFILE_ARGUMENT, variadic: true, description: 'saved cameras (default: the only one, or whichever comes)' }],
		flags: [...NETWORK_FLAGS, ...HOLD_FLAGS, TIMEOUT, HIDDEN_SSDP_PORT],
		rest: 'a command to run with the camera, and its arguments; the hold ends with it',
		examples: [
			'canon-wifi hold',
			'canon-wifi hold studio -- sh -c \'gphoto2 --port "$CANON_WIFI_GPHOTO2_PORT" -L\'',
			'canon-wifi hold --all',
		],
	},
	{
		name: 'status',
		summary: 'cameras that are held here, and who uses them',
		arguments: [],
		flags: [],
		examples: ['canon-wifi status', 'canon-wifi status --json'],
	},
	{
		name: 'serve',
		summary: 'only answer cameras, until Ctrl-C (in place of the old helper scripts)',
		arguments: [{ name: 'lan-ip', required: false, description: "this computer's IPv4 address in the camera's network" }],
		flags: [
			...NETWORK_FLAGS.filter((flag) => flag.long !== 'interface'),
			{
				long: 'interface',
				oldName: 'iface',
				short: 'i',
				value: 'NAME',
				kind: 'interface',
				description: 'network interface that the camera can reach',
			},
			SSDP_PORT,
			{ long: 'no-start-desc', description: 'only answer searches; something else serves the description' },
			{ long: 'ipv4', short: '4', description: 'IPv4, the default' },
			{ long: 'ipv6', short: '6', description: 'refused: cameras only try IPv4', hidden: true },
			{ long: 'timeout', value: 'SECONDS', kind: 'seconds', description: 'end after this long (default: never)' },
		],
		examples: ['canon-wifi serve 192.168.1.20', 'canon-wifi serve 192.168.1.20 -n studio -P 8043'],
	},
	{
		name: 'profiles',
		summary: 'list, show, change, export and import saved cameras',
		arguments: [],
		flags: [],
		examples: ['canon-wifi profiles', 'canon-wifi profiles set studio tool=gphoto2', 'canon-wifi profiles export > cameras.json'],
		subcommands: [
			{ name: 'list', summary: 'all saved cameras', arguments: [], flags: [], examples: [] },
			{ name: 'show', summary: 'show one camera in full', arguments: [{ ...PROFILE_ARGUMENT, required: true }], flags: [], examples: [] },
			{
				name: 'set',
				summary: 'change settings of a camera',
				arguments: [
					{ ...PROFILE_ARGUMENT, required: true },
					{ name: 'key=value', required: true, variadic: true, description: 'for example tool=gphoto2 unlock=never' },
				],
				flags: [],
				examples: [],
			},
			{
				name: 'rename',
				summary: 'give a camera another name',
				arguments: [
					{ ...PROFILE_ARGUMENT, required: true },
					{ name: 'new-name', required: true, description: 'its new name' },
				],
				flags: [],
				examples: [],
			},
			{ name: 'remove', summary: 'forget a camera', arguments: [{ ...PROFILE_ARGUMENT, required: true }], flags: [], examples: [] },
			{
				name: 'export',
				summary: 'write all cameras as JSON',
				arguments: [{ name: 'file', required: false, kind: 'file', description: 'where to (default: stdout)' }],
				flags: [{ long: 'force', description: 'replace a file that is there' }],
				examples: [],
			},
			{
				name: 'import',
				summary: 'read cameras from an export',
				arguments: [{ name: 'file', required: true, kind: 'file', description: 'an export, or - for stdin' }],
				flags: [{ long: 'force', description: 'replace cameras of the same name' }],
				examples: [],
			},
			{ name: 'path', summary: 'where they are saved', arguments: [], flags: [], examples: [] },
		],
	},
	{
		name: 'identity',
		summary: "this computer's UUID and name, as cameras know it",
		arguments: [],
		flags: [],
		examples: ['canon-wifi identity', 'canon-wifi identity import ptpip-canon-helper.uuid'],
		subcommands: [
			{ name: 'show', summary: 'UUID and name', arguments: [], flags: [], examples: [] },
			{
				name: 'import',
				summary: "take over the old helper scripts' UUID, so that paired cameras still know this computer",
				arguments: [{ name: 'file', required: true, kind: 'file', description: 'ptpip-canon-helper.uuid' }],
				flags: [],
				examples: [],
			},
			{
				name: 'new',
				summary: 'make a new UUID: every camera must then be paired again',
				arguments: [],
				flags: [{ long: 'yes', short: 'y', description: 'do not ask' }],
				examples: [],
			},
		],
	},
	{
		name: 'doctor',
		summary: 'what is wrong here, and what to do about it',
		arguments: [],
		flags: [
			...NETWORK_FLAGS.filter((flag) => ['interface', 'address', 'desc-port'].includes(flag.long)),
			...CAMERA_FLAGS.filter((flag) => flag.long === 'tool-path'),
		],
		examples: ['canon-wifi doctor', 'canon-wifi doctor --json'],
	},
	{
		name: 'simulate',
		summary: 'a software camera, to try and to test with',
		arguments: [],
		flags: SIMULATE_FLAGS,
		notes: SIMULATE_NOTES,
		examples: [
			'canon-wifi simulate --address 127.0.0.1',
			'canon-wifi simulate --interface wlan0 --media ~/card --state camera.json',
			'canon-wifi simulate --state camera.json --scenario reconnect --survive',
		],
	},
	{
		name: 'demo',
		summary: 'run the full workflow against a simulated camera on this computer',
		arguments: [],
		flags: [],
		examples: ['canon-wifi demo'],
	},
	{
		name: 'completion',
		summary: 'completion for your shell',
		arguments: [
			{ name: 'shell', required: true, choices: ['bash', 'zsh', 'fish', 'powershell'], description: 'bash, zsh, fish or powershell' },
		],
		flags: [],
		examples: ['source <(canon-wifi completion bash)', 'canon-wifi completion fish > ~/.config/fish/completions/canon-wifi.fish'],
	},
	{
		name: '__complete',
		summary: 'names for shell completion',
		arguments: [{ name: 'what', required: true, description: 'profiles, interfaces or models' }],
		flags: [],
		examples: [],
		hidden: true,
	},
];
