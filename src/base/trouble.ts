/** Failures of rooms that do not know the public catalogue of errors. */

/** A failure by its code in the catalogue (contract/errors.ts), with the facts that the words there are made of. */
export class Trouble extends Error {
	override readonly name = 'Trouble';
	readonly code: string;
	readonly facts: Readonly<Record<string, unknown>>;
	/** What to do about it, where the facts hold that. */
	readonly next: string | undefined;

	constructor(code: string, facts: Readonly<Record<string, unknown>>, options?: ErrorOptions) {
		super(typeof facts.problem === 'string' ? facts.problem : code, options);
		this.code = code;
		this.facts = facts;
		this.next = typeof facts.next === 'string' ? facts.next : undefined;
	}
}
