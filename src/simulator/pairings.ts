/** The computers that the camera has saved, kept in a file if one was given. */
import { access, constants, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CodedError } from '#base/errors.ts';
import { demandFolders } from '#base/folders.ts';
import { withRetry } from '#base/retry.ts';
import { printable } from '#base/text.ts';
import type { Paired } from './modes/machine.ts';

/** How many computers are kept; then the oldest is forgotten. Assumed: the firmware's number is not known. */
const MOST = 20;

/** The saved computers of one camera. */
export class Pairings {
	readonly #file: string | undefined;
	#paired: readonly Paired[] = [];

	private constructor(file: string | undefined) {
		this.#file = file;
	}

	/** Reads the file. A missing file means no computers. Rejects with `usage` if it contains something else, or could not be written later. */
	static async load(file: string | undefined): Promise<Pairings> {
		const pairings = new Pairings(file);
		if (file === undefined) return pairings;
		const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'ENOENT') throw unusable(file, error);
		});
		// Report now that the camera cannot save anything, and not after pairing.
		try {
			demandFolders(dirname(file));
			await access(dirname(file), constants.W_OK);
		} catch (error) {
			throw unusable(file, error as Error);
		}
		if (text !== undefined) pairings.#paired = parse(text, file);
		return pairings;
	}

	list(): readonly Paired[] {
		return this.#paired;
	}

	/** Saves a computer, or its new name. Rejects with `usage` if the file cannot be written. */
	async add(computer: Paired): Promise<void> {
		this.#paired = [...this.#paired.filter(({ uuid }) => uuid !== computer.uuid), computer].slice(-MOST);
		const file = this.#file;
		if (file === undefined) return;
		const fresh = `${file}.new`;
		try {
			await writeFile(fresh, `${JSON.stringify({ paired: this.#paired }, null, '\t')}\n`);
			await withRetry(() => rename(fresh, file));
		} catch (error) {
			throw unusable(file, error as Error);
		}
	}
}

function unusable(file: string, error: Error): CodedError {
	return new CodedError(
		'usage',
		{
			problem: `${printable(file)} cannot keep what this camera pairs with: ${printable(error.message)}.`,
			next: 'Give --state a file in a folder that exists and may be written.',
		},
		{ cause: error },
	);
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
		throw new CodedError('usage', {
			problem: `${printable(file)} is not a software camera's memory of computers.`,
			next: 'Give --state another file; one that does not exist yet is made.',
		});
	return list.map(({ uuid, name }) => ({ uuid: uuid.toLowerCase(), name }));
}
