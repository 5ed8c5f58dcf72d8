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
	{ long: 'pick', value: 'NAME', description: 'presses SET on the computer (or smartphone) of this name' },
	{
		long: 'select-after',
		value: 'SECONDS',
		kind: 'seconds',
		description: 'presses SET this long after a computer is listed, if it is the only one (default: 1; on a terminal: nobody does)',
	},
	{
		long: 'flow',
		value: 'FLOW',
		choices: ['computer', 'eos', 'smartphone'],
		description: "the entry of its Wi-Fi menu: a computer, EOS Utility, a smartphone (default: the model's, computer or eos)",
	},
	{
		long: 'confirm-after',
		value: 'SECONDS',
		kind: 'seconds',
		description: 'eos: presses OK this long after a client asks (default: 1; on a terminal: nobody does)',
	},
	{
		long: 'content-type',
		value: 'HOW',
		choices: ['quoted', 'charset', 'type'],
		default: 'quoted',
		description: 'computer: the Content-Type it demands of a description: with charset="utf-8" in quotes, with any utf-8, or only text/xml',
	},
	{
		long: 'before-set',
		value: 'HOW',
		choices: ['refuse', 'initFail'],
		default: 'refuse',
		description: 'computer: before SET, port 15740 refuses the connection, or takes it and answers Init Fail 1',
	},
	{
		long: 'idle-timeout',
		value: 'SECONDS',
		kind: 'seconds',
		default: '20',
		description: 'Wi-Fi goes off when nobody connects for this long, or (computer) asks for PTP mode: 0x1007 or 0x9801',
	},
	{
		long: 'port-delay',
		value: 'SECONDS',
		kind: 'seconds',
		default: '0',
		description: 'computer: port 15740 opens this long after "Connected to device"',
	},
	{ long: 'busy', value: 'SECONDS', kind: 'seconds', default: '0', description: 'busy (0x2019) for this long after OpenSession' },
	{
		long: 'model',
		value: 'ID',
		kind: 'model',
		description:
			'which camera it is: elph340hs, sx530hs, g9x (both with EOS-like operations), ixus-wireless (VxWorks), eos-rebel-t6 (for --flow eos) (default: elph340hs)',
	},
	{ long: 'os', value: 'OS', choices: ['dryos', 'vxworks'], description: "the firmware's operating system (default: the model's)" },
	{ long: 'no-chdk', description: 'a camera without CHDK' },
	{ long: 'rate', value: 'BYTES', kind: 'count', description: 'bytes a second that it sends and takes (default: as fast as it goes)' },
	{
		long: 'fault',
		value: 'FAULT',
		repeats: true,
		description:
			'what goes wrong; once each, again for more. drop-after=BYTES, reset-after=BYTES, freeze-after=BYTES: after so many sent. ' +
			'drop-at=K, freeze-at=K, refuse=K:CODE, bad-length=K, bad-transaction=K: at operation K. init-fail=REASON[:TIMES]. zero-size=BYTES: size 0 is said of files that large or larger. listing=CODE:HOW: lists folders badly by 9021, 9109 or 9805. ' +
			'lose=PERCENT, duplicate=PERCENT, reorder=PERCENT: of searches, announcements and answers. A number may be a range A..B',
	},
	{ long: 'seed', value: 'N', kind: 'count', default: '1', description: 'the same seed, the same faults' },
	{ long: 'survive', description: 'goes on after its Wi-Fi went off, as a paired camera that comes back' },
	{ long: 'ptpip-port', value: 'PORT', kind: 'count', hidden: true, description: 'TCP port instead of 15740; 0: any' },
	{
		long: 'description-port',
		value: 'PORT',
		kind: 'count',
		hidden: true,
		description: 'eos, smartphone: TCP port of its description instead of 49152; 0: any',
	},
	{
		long: 'imink-port',
		value: 'PORT',
		kind: 'count',
		hidden: true,
		description: 'smartphone: TCP port of its HTTP service instead of 8615; 0: any',
	},
	{ long: 'ssdp-port', value: 'PORT', kind: 'port', hidden: true, description: 'UDP port instead of 1900' },
] as const;

/** What the flags do not tell. */
export const SIMULATE_NOTES = [
	"On a terminal it draws the camera's screen: Up and Down move, Enter or Space is SET (or OK), Esc or Backspace cancels, q or p is the power key. Try it with `canon-wifi pair --address 127.0.0.1` in a second terminal. Elsewhere, and with --json, SET is pressed by itself.",
	'With --flow eos, port 15740 opens when the description that it announces has been read as EOS Utility does: `curl -A "Microsoft-Windows/10.0 UPnP/1.0" URL`.',
	'It ends when its Wi-Fi goes off: with 0 if a session was opened, else with 75. Closing the connection switches the Wi-Fi off, as on a camera. docs/simulator.md tells every rule that it goes by.',
] as const;
