/** Maps keys of a terminal to keys of the camera. */
import type { Key } from '../modes/machine.ts';

/** A key as node:readline decodes it. */
export interface Keypress {
	name?: string | undefined;
	ctrl?: boolean | undefined;
	/** The bytes of the key. */
	sequence?: string | undefined;
}

/** A key of the camera, or `interrupt` (Ctrl-C), `quit` (Ctrl-\) or `suspend` (Ctrl-Z). */
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

/** Returns the meaning of a key; `undefined` if it has none. */
export function keyOf({ name = '', ctrl, sequence = '' }: Keypress): TerminalKey | undefined {
	// Compared by their bytes, because right after Esc they come together with it as one key without a name.
	if (sequence.endsWith('\u0003')) return 'interrupt';
	if (sequence.endsWith('\u001c')) return 'quit';
	if (sequence.endsWith('\u001a')) return 'suspend';
	if (ctrl === true) return undefined;
	return Object.hasOwn(CAMERA_KEYS, name) ? CAMERA_KEYS[name] : undefined;
}
