/** The command line of `doctor`. */
import { type CallOf, defineCommand, pick } from '../shared/command-line.ts';
import { CAMERA_FLAGS, NETWORK_FLAGS } from '../shared/flags.ts';

export const DOCTOR = defineCommand({
	name: 'doctor',
	summary: 'find what is wrong on this computer, and say what to do',
	flags: { ...pick(NETWORK_FLAGS, 'interface', 'address', 'desc-port'), ...pick(CAMERA_FLAGS, 'tool-path') },
	examples: ['canon-wifi doctor', 'canon-wifi doctor --json'],
});

export type DoctorCall = CallOf<typeof DOCTOR>;
