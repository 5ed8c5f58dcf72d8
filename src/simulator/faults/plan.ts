/** Decides when the faults of one camera happen. Each happens once, except those of datagrams, sizes and Init Fail. */
import { hexCode } from '#protocol/ptp/codes.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import type { Fault, FaultKind, ListingFault } from './fault.ts';
import { type Chance, seeded } from './random.ts';

/** Sends `keep` more bytes and then ends (FIN), resets (RST) or freezes the connection. */
export type Cut = { keep: number; how: 'drop' | 'reset' | 'freeze' };
/** A fault that happens instead of the answer to an operation. */
export type OperationFault = Extract<Fault, { operation: number }>;
/** What happens to a datagram. */
export type DatagramFate = 'passes' | 'lost' | 'doubled' | 'held';
/** Direction of a datagram: from the camera, or to it. */
export type DatagramDirection = 'out' | 'in';

type Of<K extends FaultKind> = Extract<Fault, { kind: K }>;

const FATES: Readonly<Record<Of<'lose' | 'duplicate' | 'reorder'>['kind'], readonly [DatagramFate, string]>> = {
	lose: ['lost', 'is lost'],
	duplicate: ['doubled', 'comes twice'],
	reorder: ['held', 'comes after the next'],
};

const ways: Readonly<Record<'drop-after' | 'reset-after' | 'freeze-after', Cut['how']>> = {
	'drop-after': 'drop',
	'reset-after': 'reset',
	'freeze-after': 'freeze',
};

/** The faults of one camera. */
export class FaultPlan {
	readonly #open: Set<Fault>;
	/** Each direction has random numbers of its own, so that the camera's datagrams do not depend on when others' arrive. */
	readonly #chances: Readonly<Record<DatagramDirection, Chance>>;
	readonly #tell: (what: string) => void;
	#bytes = 0;
	#operations = 0;
	#initFails = 0;

	/** `tell` is called for each fault when it happens. */
	constructor(faults: readonly Fault[], seed: number, tell: (what: string) => void) {
		this.#open = new Set(faults);
		this.#chances = { out: seeded(seed), in: seeded(~seed) };
		this.#tell = tell;
	}

	/** Starts counting bytes and operations anew, because an initiator was accepted. */
	connected(): void {
		this.#bytes = 0;
		this.#operations = 0;
	}

	/** Returns the reason to refuse an initiator that the port would accept; `undefined` if it is accepted. */
	initFail(): number | undefined {
		const fault = this.#find((one): one is Of<'init-fail'> => one.kind === 'init-fail' && this.#initFails < one.times);
		if (fault === undefined) return undefined;
		this.#initFails++;
		this.#tell(`Init Fail ${fault.reason}`);
		return fault.reason;
	}

	/** Returns what to do instead of answering the next operation. Call it once for each operation. */
	operation(code: number): OperationFault | undefined {
		this.#operations++;
		const operation = this.#operations;
		const how = this.#listing(code);
		if (how === 'hang') return this.#told({ kind: 'freeze-at', operation }, `no answer to ${hexCode(code)}`);
		if (how === 'refuse')
			return this.#told({ kind: 'refuse', operation, code: RESPONSE.operationNotSupported }, `${hexCode(code)} refused`);
		const fault = this.#find((one): one is OperationFault => 'operation' in one && one.operation === this.#operations);
		if (fault === undefined) return undefined;
		this.#open.delete(fault);
		this.#tell(`${fault.kind} ${fault.operation}${fault.kind === 'refuse' ? ` with ${hexCode(fault.code)}` : ''}`);
		return fault;
	}

	/** Decides about `bytes` bytes on the command connection before they are sent; `undefined`: send all of them. */
	cut(bytes: number): Cut | undefined {
		const fault = this.#find((one): one is Extract<Fault, { bytes: number }> => 'bytes' in one && this.#bytes + bytes > one.bytes);
		if (fault === undefined) {
			this.#bytes += bytes;
			return undefined;
		}
		this.#open.delete(fault);
		this.#tell(`${fault.kind} ${fault.bytes}`);
		return { keep: Math.max(0, fault.bytes - this.#bytes), how: ways[fault.kind] };
	}

	/** Returns the size to report for a file of this many bytes. */
	reportedSize(bytes: number): number {
		const fault = this.#find((one): one is Of<'zero-size'> => one.kind === 'zero-size' && bytes >= one.from);
		if (fault === undefined || bytes === 0) return bytes;
		this.#tell(`zero-size of a file of ${bytes}`);
		return 0;
	}

	/** How the operation lists a folder; nothing: as it should. */
	listing(code: number): ListingFault | undefined {
		const how = this.#listing(code);
		if (how !== undefined) this.#tell(`listing by ${hexCode(code)}: ${how}`);
		return how;
	}

	#listing(code: number): ListingFault | undefined {
		return this.#find((one): one is Of<'listing'> => one.kind === 'listing' && one.code === code)?.how;
	}

	#told(fault: OperationFault, what: string): OperationFault {
		this.#tell(what);
		return fault;
	}

	/** Decides about a datagram. `what` names it: "a search". It may only be held back if `mayHold`. */
	datagram(direction: DatagramDirection, what: string, mayHold: boolean): DatagramFate {
		const hits = [...this.#open].filter((fault) => 'percent' in fault && this.#chances[direction]() * 100 < fault.percent);
		for (const fault of hits) {
			if (!('percent' in fault) || (fault.kind === 'reorder' && !mayHold)) continue;
			const [fate, words] = FATES[fault.kind];
			this.#tell(`${what} ${words}`);
			return fate;
		}
		return 'passes';
	}

	#find<F extends Fault>(is: (fault: Fault) => fault is F): F | undefined {
		for (const fault of this.#open) if (is(fault)) return fault;
		return undefined;
	}
}
