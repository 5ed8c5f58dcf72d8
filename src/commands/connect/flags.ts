/** The command line of `connect`. */
import { type CallOf, defineCommand } from '../shared/command-line.ts';
import { CAMERA_FLAGS, NETWORK_FLAGS, PROFILE_ARGUMENT, SSDP_PORT_FLAG, TIMEOUT_FLAG } from '../shared/flags.ts';

export const CONNECT = defineCommand({
	name: 'connect',
	summary: 'wait for a paired camera and start the tool on it',
	arguments: { profile: PROFILE_ARGUMENT },
	flags: {
		...NETWORK_FLAGS,
		...CAMERA_FLAGS,
		via: {
			value: 'HOW',
			choices: ['hold', 'direct'],
			description: 'use a running `canon-wifi hold`, or do not (default: use it if it has this camera)',
		},
		...TIMEOUT_FLAG,
		...SSDP_PORT_FLAG,
	},
	rest: "the tool's own arguments; without them it is interactive",
	examples: [
		'canon-wifi connect',
		'canon-wifi connect studio -- --get-all-files',
		'canon-wifi connect --tool builtin -- get --all --to photos',
	],
});

export type ConnectCall = CallOf<typeof CONNECT>;
