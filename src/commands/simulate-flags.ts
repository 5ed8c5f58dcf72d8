/** The flags of `simulate`, apart from the command: the help must not load a camera. */

export const SIMULATE_FLAGS = [
	{ long: 'address', value: 'IPV4', description: "where the camera stands: one of this computer's addresses, 127.0.0.1 too" },
	{ long: 'interface', value: 'NAME', kind: 'interface', description: 'where the camera stands, by network interface' },
	{ long: 'media', value: 'DIR', kind: 'dir', description: 'its card: a folder that holds DCIM (default: a built-in set of pictures)' },
	{ long: 'state', value: 'FILE', kind: 'file', description: 'what it has paired with is kept there' },
	{
		long: 'scenario',
		value: 'WHICH',
		choices: ['pair', 'reconnect'],
		default: 'pair',
		description: 'adds a computer, or looks for the one it is paired with',
	},
	{ long: 'pick', value: 'NAME', description: 'presses SET on the computer of this name' },
	{
		long: 'select-after',
		value: 'SECONDS',
		kind: 'seconds',
		description: 'presses SET this long after the computer is listed (default: 1)',
	},
	{
		long: 'before-set',
		value: 'HOW',
		choices: ['refuse', 'initFail'],
		default: 'refuse',
		description: 'before SET, port 15740 refuses the connection, or takes it and answers Init Fail 1',
	},
	{
		long: 'idle-timeout',
		value: 'SECONDS',
		kind: 'seconds',
		default: '20',
		description: 'Wi-Fi goes off when nobody asks for PTP mode (0x1007 or 0x9801) for this long',
	},
	{ long: 'model', value: 'ID', description: 'which camera it is' },
	{ long: 'os', value: 'OS', choices: ['dryos', 'vxworks'], description: "the firmware's operating system (default: the model's)" },
	{ long: 'no-chdk', description: 'a camera without CHDK' },
	{ long: 'survive', description: 'goes on after its Wi-Fi went off, as a paired camera that comes back' },
	{ long: 'ptpip-port', value: 'PORT', kind: 'count', hidden: true, description: 'TCP port instead of 15740; 0: any' },
	{ long: 'ssdp-port', value: 'PORT', kind: 'count', hidden: true, description: 'UDP port instead of 1900' },
] as const;
