/**
 * Fast seeded chance for fuzzing. CANON_WIFI_FUZZ=N makes N times as many cases; CANON_WIFI_SEED=S other ones.
 * The same seed gives the same cases, and a failing one is named by its number.
 */
export function fuzzRuns(cases: number, seed = Number(process.env.CANON_WIFI_SEED ?? 1)) {
	const count = Math.round(cases * Number(process.env.CANON_WIFI_FUZZ ?? 1));
	let state = 0;
	/** The next 32 bits (mulberry32). */
	const next = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return (t ^ (t >>> 14)) >>> 0;
	};
	/** 0 to `end` - 1. */
	const below = (end: number): number => next() % end;
	const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T;
	return {
		count,
		below,
		pick,
		/** A copy with a few bytes changed, taken out, doubled or cut off. */
		scribble(bytes: Uint8Array): Uint8Array {
			let copy = bytes.slice();
			for (let changes = 1 + below(4); changes > 0; changes--) {
				const at = below(copy.length + 1);
				const kind = below(8);
				if (kind < 5) copy[at] = below(256);
				else if (kind === 5) copy = joined(copy.subarray(0, at), copy.subarray(at + 1 + below(8)));
				else if (kind === 6) copy = joined(copy.subarray(0, at), copy.subarray(below(at + 1)));
				else copy = copy.slice(0, at);
			}
			return copy;
		},
		each(run: () => void): void {
			for (let number = 0; number < count; number++) {
				state = (seed + Math.imul(number, 0x9e3779b9)) | 0;
				try {
					run();
				} catch (error) {
					throw new Error(`case ${number} of seed ${seed}`, { cause: error });
				}
			}
		},
	};
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
	const both = new Uint8Array(a.length + b.length);
	both.set(a);
	both.set(b, a.length);
	return both;
}
