/** The command line of `pair`. */
import { type CallOf, defineCommand, omit } from '../shared/command-line.ts';
import { CAMERA_FLAGS, NETWORK_FLAGS, PROFILE_ARGUMENT, SSDP_PORT_FLAG, TIMEOUT_FLAG } from '../shared/flags.ts';

export const PAIR = defineCommand({
	name: 'pair',
	summary: 'pair a camera, guided step by step, and save it',
	arguments: { profile: { ...PROFILE_ARGUMENT, description: 'name to save the camera under (default: made from its model)' } },
	// It connects once, to learn about the camera.
	flags: { ...NETWORK_FLAGS, ...omit(CAMERA_FLAGS, 'reconnect'), ...TIMEOUT_FLAG, ...SSDP_PORT_FLAG },
	examples: ['canon-wifi pair', 'canon-wifi pair studio --tool gphoto2 --no-input'],
});

export type PairCall = CallOf<typeof PAIR>;
export type PairFlags = PairCall['flags'];
