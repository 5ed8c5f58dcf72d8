/**
 * The memory that a script may use. A thread that runs into V8's own limit can take the whole process with it, so a
 * script is stopped far below: single pieces when they are asked for, all of it while it runs.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const MIB = 1024 * 1024;
/** One string. A camera has one or two MiB free. */
export const LARGEST_STRING = 2 * MIB;
/** Objects, and strings in all, after what is unused has been collected. */
const MOST_OBJECTS = 48 * MIB;
const MOST_STRINGS = 48 * MIB;
/** How much comes and goes between two looks. */
const LOOK_EVERY = 8 * MIB;

/** Becomes the Lua error "not enough memory". */
export class OutOfMemory extends Error {
	override readonly name = 'OutOfMemory';
}

/**
 * Puts the limit in force in this thread, before fengari is loaded: its strings are `Uint8Array`s, so every one of them
 * is seen here. The answer is to be called often, whatever the script does.
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

/** Throws `OutOfMemory` when the script holds more than it may. Importing this module puts the limit in force. */
export const checkMemory: () => void = limitMemory();
