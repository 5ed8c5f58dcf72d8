/** The computers that the camera remembers, in a file of its own if it was given one. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { CanonWifiError } from '../core/errors.ts';
import { printable } from '../core/text.ts';
import type { Paired } from './firmware/state.ts';

/** How many the firmware keeps is not known; the oldest are forgotten beyond this. */
const MOST = 20;

export class Pairings {
	readonly #file: string | undefined;
	#paired: readonly Paired[] = [];

	private constructor(file: string | undefined) {
		this.#file = file;
	}

	/** Reads the file; one that is not there yet is an empty memory. Rejects when it holds something else. */
	static async load(file: string | undefined): Promise<Pairings> {
		const pairings = new Pairings(file);
		if (file === undefined) return pairings;
		let text: string;
		try {
			text = await readFile(file, 'utf8');
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'ENOENT') return pairings;
			throw new CanonWifiError('settingsUnwritable', { file, why: (error as Error).message }, { cause: error });
		}
		pairings.#paired = parse(text, file);
		return pairings;
	}

	list(): readonly Paired[] {
		return this.#paired;
	}

	/** Remembers a computer, or its new name. */
	async add(computer: Paired): Promise<void> {
		this.#paired = [...this.#paired.filter(({ uuid }) => uuid !== computer.uuid), computer].slice(-MOST);
		if (this.#file === undefined) return;
		const fresh = `${this.#file}.new`;
		await writeFile(fresh, `${JSON.stringify({ paired: this.#paired }, null, '\t')}\n`);
		await rename(fresh, this.#file);
	}
}

function parse(text: string, file: string): Paired[] {
	if (text.trim() === '') return [];
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		value = undefined;
	}
	const list = (value as { paired?: unknown } | undefined)?.paired;
	const good = (one: unknown): one is Paired => typeof (one as Paired)?.uuid === 'string' && typeof (one as Paired).name === 'string';
	if (!Array.isArray(list) || !list.every(good))
		throw new CanonWifiError('usage', {
			problem: `${printable(file)} is not a software camera's memory of computers.`,
			next: 'Give --state another file; one that does not exist yet is made.',
		});
	return list.map(({ uuid, name }) => ({ uuid: uuid.toLowerCase(), name }));
}
