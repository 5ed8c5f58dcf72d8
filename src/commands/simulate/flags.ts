/** The command line of `simulate`, apart from the command: the help must not load a camera. */
import { type CallOf, defineCommand } from '../shared/command-line.ts';
import { PRESSED_AFTER_SECONDS } from '../shared/flags.ts';

export const SIMULATE = defineCommand({
	name: 'simulate',
	summary: 'run a simulated camera',
	flags: {
		address: { value: 'IPV4', description: "the camera's address: one of this computer's, 127.0.0.1 included" },
		interface: { value: 'NAME', kind: 'interface', description: "take the camera's address from this network interface" },
		media: { value: 'DIR', kind: 'dir', description: 'its card: a folder that holds DCIM (default: a built-in set of pictures)' },
		state: { value: 'FILE', kind: 'file', description: 'file that remembers which computers it has paired with' },
		scenario: {
			value: 'WHICH',
			choices: ['pair', 'reconnect'],
			default: 'pair',
			description: 'add a computer, or search for the one it is paired with',
		},
		pick: { value: 'NAME', description: 'press SET on the computer (or smartphone) of this name' },
		'select-after': {
			value: 'SECONDS',
			kind: 'seconds',
			description: `press SET this long after a computer is listed, if it is the only one (default: ${PRESSED_AFTER_SECONDS}; on a terminal: you press it)`,
		},
		flow: {
			value: 'FLOW',
			choices: ['computer', 'eos', 'smartphone'],
			description: "entry of its Wi-Fi menu: a computer, EOS Utility, a smartphone (default: the model's, computer or eos)",
		},
		'confirm-after': {
			value: 'SECONDS',
			kind: 'seconds',
			description: `eos: press OK this long after a client asks (default: ${PRESSED_AFTER_SECONDS}; on a terminal: you press it)`,
		},
		'content-type': {
			value: 'HOW',
			choices: ['quoted', 'charset', 'type'],
			default: 'quoted',
			description:
				'computer: the Content-Type it requires of a description: with charset="utf-8" in quotes, with any utf-8, or only text/xml',
		},
		'before-set': {
			value: 'HOW',
			choices: ['refuse', 'initFail'],
			default: 'refuse',
			description: 'computer: before SET, port 15740 refuses the connection, or takes it and answers Init Fail 1',
		},
		'idle-timeout': {
			value: 'SECONDS',
			kind: 'seconds',
			default: 20,
			description: 'Wi-Fi goes off when nobody connects for this long, or (computer) asks for PTP mode: 0x1007 or 0x9801',
		},
		'port-delay': {
			value: 'SECONDS',
			kind: 'seconds',
			default: 0,
			description: 'computer: port 15740 opens this long after "Connected to device"',
		},
		busy: { value: 'SECONDS', kind: 'seconds', default: 0, description: 'answer busy (0x2019) for this long after OpenSession' },
		model: {
			value: 'ID',
			kind: 'model',
			description:
				'which camera it is: elph340hs, sx530hs, g9x (both with EOS-like operations), ixus-wireless (VxWorks), eos-rebel-t6 (for --flow eos) (default: elph340hs)',
		},
		os: { value: 'OS', choices: ['dryos', 'vxworks'], description: "the firmware's operating system (default: the model's)" },
		'no-chdk': { description: 'a camera without CHDK' },
		rate: { value: 'BYTES', kind: 'count', description: 'bytes per second that it sends and receives (default: no limit)' },
		fault: {
			value: 'FAULT',
			repeats: true,
			description:
				'what goes wrong, once; repeat for more. drop-after=BYTES, reset-after=BYTES, freeze-after=BYTES: after so many bytes sent. ' +
				'drop-at=K, freeze-at=K, refuse=K:CODE, bad-length=K, bad-transaction=K: at operation K. init-fail=REASON[:TIMES]. zero-size=BYTES: report size 0 for files of this size or larger. listing=CODE:HOW: list folders badly by 9021, 9109 or 9805. ' +
				'lose=PERCENT, duplicate=PERCENT, reorder=PERCENT: of searches, announcements and answers. A number may be a range A..B',
		},
		seed: { value: 'N', kind: 'count', default: 1, description: 'the same seed gives the same faults' },
		survive: { description: 'after its Wi-Fi goes off, come back as a paired camera' },
		'ptpip-port': { value: 'PORT', kind: 'count', hidden: true, description: 'TCP port instead of 15740; 0: any' },
		'description-port': {
			value: 'PORT',
			kind: 'count',
			hidden: true,
			description: 'eos, smartphone: TCP port of its description instead of 49152; 0: any',
		},
		'imink-port': {
			value: 'PORT',
			kind: 'count',
			hidden: true,
			description: 'smartphone: TCP port of its HTTP service instead of 8615; 0: any',
		},
		'ssdp-port': { value: 'PORT', kind: 'port', hidden: true, description: 'UDP port instead of 1900' },
	},
	notes: [
		"On a terminal it draws the camera's screen: Up and Down move, Enter or Space is SET (or OK), Esc or Backspace cancels, q or p is the power key. Try it with `canon-wifi pair --address 127.0.0.1` in a second terminal. Elsewhere, and with --json, SET is pressed automatically.",
		'With --flow eos, port 15740 opens when the description that it announces has been read as EOS Utility does: `curl -A "Microsoft-Windows/10.0 UPnP/1.0" URL`.',
		'It exits when its Wi-Fi goes off: with 0 if a session was opened, else with 75. Closing the connection switches the Wi-Fi off, as on a camera. docs/simulator.md describes every rule that it follows.',
	],
	examples: [
		'canon-wifi simulate --address 127.0.0.1',
		'canon-wifi simulate --interface wlan0 --media ~/card --state camera.json',
		'canon-wifi simulate --state camera.json --scenario reconnect --survive',
	],
});

export type SimulateCall = CallOf<typeof SIMULATE>;
export type SimulateFlags = SimulateCall['flags'];
