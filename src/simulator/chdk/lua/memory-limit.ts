/**
 * Limits the memory of a script. A thread that reaches V8's own limit can end the whole process, so a script is stopped far
 * below it: single strings are checked when they are made, the total while the script runs.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MIB = 1024 * 1024;
/** Largest string in bytes. A camera has one or two MiB free. */
export const LARGEST_STRING = 2 * MIB;
/** Most bytes of objects, and of strings, after garbage collection. */
const MOST_OBJECTS = 48 * MIB;
const MOST_STRINGS = 48 * MIB;
/** How many bytes of new strings are allowed between two checks. */
const LOOK_EVERY = 8 * MIB;

/** Becomes the Lua error "not enough memory". */
export class OutOfMemory extends Error {
	override readonly name = 'OutOfMemory';
}

/**
 * Installs the limit in this thread, before fengari is loaded. Its strings are `Uint8Array`s, so every one of them is
 * counted here. Returns a function that checks the total; call it often.
 */
function limitMemory(): () => void {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	const from = Uint8Array.from.bind(Uint8Array);
	const { slice } = Uint8Array.prototype;
	let sinceLook = 0;

	const tooMuch = (): boolean => {
		const { used_heap_size: objects, external_memory: strings } = getHeapStatistics();
		return objects > MOST_OBJECTS || strings > MOST_STRINGS;
	};
	const check = (): void => {
		sinceLook = 0;
		if (!tooMuch()) return;
		collectGarbage();
		if (tooMuch()) throw new OutOfMemory();
	};

	const made = (bytes: number): void => {
		if (bytes > LARGEST_STRING) throw new OutOfMemory();
		sinceLook += bytes;
		if (sinceLook > LOOK_EVERY) check();
	};
	Object.defineProperty(Uint8Array, 'from', {
		value: (values: Uint8Array | Iterable<number>, ...rest: [(value: number) => number]) => {
			if (!(values instanceof Uint8Array)) return from(values, ...rest);
			made(values.length);
			return slice.call(values);
		},
	});
	globalThis.Uint8Array = new Proxy(Uint8Array, {
		construct(target, args: [unknown, ...unknown[]]) {
			if (typeof args[0] === 'number') made(args[0]);
			return Reflect.construct(target, args);
		},
	});
	return check;
}

/** Throws `OutOfMemory` if the script uses too much memory. Importing this module installs the limit. */
export const checkMemory: () => void = limitMemory();
