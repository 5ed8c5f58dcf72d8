/** Keys of a terminal as keys of the camera. */
import type { Key } from '../modes/machine.ts';

/** As node:readline decodes it. */
export interface Keypress {
	name?: string | undefined;
	ctrl?: boolean | undefined;
	/** The bytes of it. */
	sequence?: string | undefined;
}

/** `interrupt`: Ctrl-C, `quit`: Ctrl-\, `suspend`: Ctrl-Z; nothing: no key of the camera. */
export type TerminalKey = Key | 'interrupt' | 'quit' | 'suspend';

const CAMERA_KEYS: Readonly<Record<string, Key>> = {
	up: 'up',
	down: 'down',
	return: 'set',
	enter: 'set',
	space: 'set',
	escape: 'cancel',
	backspace: 'cancel',
	p: 'power',
	q: 'power',
};

export function keyOf({ name = '', ctrl, sequence = '' }: Keypress): TerminalKey | undefined {
	// By their bytes: right after Esc they come as one key with it, and without a name.
	if (sequence.endsWith('\u0003')) return 'interrupt';
	if (sequence.endsWith('\u001c')) return 'quit';
	if (sequence.endsWith('\u001a')) return 'suspend';
	if (ctrl === true) return undefined;
	return Object.hasOwn(CAMERA_KEYS, name) ? CAMERA_KEYS[name] : undefined;
}
