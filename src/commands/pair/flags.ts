/** The command line of `pair`. */
import { type CallOf, defineCommand, omit } from '../shared/command-line.ts';
import { CAMERA_FLAGS, NETWORK_FLAGS, PROFILE_ARGUMENT, SSDP_PORT_FLAG, TIMEOUT_FLAG } from '../shared/flags.ts';

/** What can be done with a camera that has just been paired. */
export const AFTER_PAIRING = ['prompt', 'pull', 'hold', 'leave'] as const;
export type AfterPairing = (typeof AFTER_PAIRING)[number];

export const PAIR = defineCommand({
	name: 'pair',
	summary: 'pair a camera, guided step by step, and save it',
	arguments: { profile: { ...PROFILE_ARGUMENT, description: 'name to save the camera under (default: made from its model)' } },
	flags: {
		...NETWORK_FLAGS,
		...omit(CAMERA_FLAGS, 'reconnect'),
		// biome-ignore lint/suspicious/noThenProperty: a flag's name, in a table that nobody awaits.
		then: {
			value: 'WHAT',
			choices: AFTER_PAIRING,
			description: 'what to do with the paired camera (default: ask; leave where nobody can be asked)',
		},
		to: { value: 'DIR', kind: 'dir', description: 'folder for --then pull' },
		via: {
			value: 'HOW',
			choices: ['direct'],
			description: 'direct: let the tool make the connection by itself, and leave when it is saved',
		},
		...TIMEOUT_FLAG,
		...SSDP_PORT_FLAG,
	},
	examples: ['canon-wifi pair', 'canon-wifi pair studio --tool gphoto2 --no-input', 'canon-wifi pair --then pull --to photos'],
});

export type PairCall = CallOf<typeof PAIR>;
export type PairFlags = PairCall['flags'];
