/** A file that is being uploaded. It appears under its name only when it is complete. */
import { type FileHandle, link, lstat, open, rename, rm } from 'node:fs/promises';
import { withRetry } from '#base/retry.ts';
import { onDisk } from './object.ts';
import { unfinishedName } from './unfinished.ts';

/** An upload under way. */
export class Upload {
	readonly #file: FileHandle;
	readonly #temporary: Buffer;
	readonly #path: Buffer;
	#done = false;

	private constructor(file: FileHandle, temporary: Buffer, path: Buffer) {
		this.#file = file;
		this.#temporary = temporary;
		this.#path = path;
	}

	/** Begins an upload. `folder` and `name` are in the form of `CardEntry.path`. Rejects as `open` does. */
	static async begin(folder: string, name: string): Promise<Upload> {
		const temporary = onDisk(`${folder}/${unfinishedName()}`);
		return new Upload(await open(temporary, 'wx'), temporary, onDisk(`${folder}/${name}`));
	}

	/** Writes a whole piece. Rejects as `write` does. */
	async write(piece: Uint8Array): Promise<void> {
		for (let at = 0; at < piece.length; ) at += (await this.#file.write(piece, at)).bytesWritten;
	}

	/** Gives the file its name. Rejects with EEXIST if the name is taken, because nothing on the card is overwritten. */
	async finish(modified: Date | undefined): Promise<void> {
		if (modified !== undefined) await this.#file.utimes(modified, modified).catch(() => {});
		await this.#file.close();
		// File systems of cards have no hard links and report that by many codes (EPERM, ENOTSUP, ENOSYS, EINVAL, EACCES).
		await this.#link().catch((error: NodeJS.ErrnoException) => (error.code === 'EEXIST' ? Promise.reject(error) : this.#rename()));
		this.#done = true;
	}

	async #link(): Promise<void> {
		await link(this.#temporary, this.#path);
		// If the temporary name cannot be removed, the next sweep does it.
		await rm(this.#temporary).catch(() => {});
	}

	async #rename(): Promise<void> {
		if ((await lstat(this.#path).catch(() => undefined)) !== undefined) throw Object.assign(new Error('it is there'), { code: 'EEXIST' });
		await withRetry(() => rename(this.#temporary, this.#path));
	}

	/** Deletes an unfinished upload. Never rejects; after `finish` it does nothing. */
	async discard(): Promise<void> {
		if (this.#done) return;
		await this.#file.close().catch(() => {});
		await rm(this.#temporary, { force: true }).catch(() => {});
	}
}
