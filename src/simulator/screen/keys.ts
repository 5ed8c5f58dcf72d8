/** Keys of a terminal as keys of the camera. */
import type { Key } from '../firmware/reduce.ts';

/** As node:readline decodes it. */
export interface Keypress {
	name?: string | undefined;
	ctrl?: boolean | undefined;
}

/** `interrupt`: Ctrl-C, `quit`: Ctrl-\; nothing: no key of the camera. */
export type TerminalKey = Key | 'interrupt' | 'quit';

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

export function keyOf({ name = '', ctrl }: Keypress): TerminalKey | undefined {
	if (ctrl === true) return name === 'c' ? 'interrupt' : name === '\\' ? 'quit' : undefined;
	return Object.hasOwn(CAMERA_KEYS, name) ? CAMERA_KEYS[name] : undefined;
}
