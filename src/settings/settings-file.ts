/** One settings file: it is read and checked, changed under a lock, and moved aside if it is damaged. Loads nothing but Node. */
import fs from 'node:fs';
import path from 'node:path';
import { demandFolders, ensureFolderSync } from '#base/folders.ts';
import { withRetrySync } from '#base/retry.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { withFile } from './fs-error.ts';
import { locked } from './lock.ts';
import { damagedName, judgeSettings, type Settings, type SettingsKind, type SettingsVerdict } from './rules/judge.ts';

/** Writes settings to their file, atomically and with mode 0600. */
export type Write = (file: string, settings: Settings) => void;

export interface SettingsFileOptions {
	/** Absolute path of the folder. It is created with mode 0700 when something is saved. */
	folder: string;
	kind: SettingsKind;
	now: () => Date;
}

/** A damaged file that was moved aside. */
export interface KeptAside {
	/** Absolute path of the file under its new name. */
	keptAs: string;
	text: string;
}

/** A settings file of one kind in one folder. */
export class SettingsFile {
	readonly path: string;
	readonly #options: SettingsFileOptions;

	constructor(options: SettingsFileOptions) {
		this.#options = options;
		this.path = path.join(options.folder, `${options.kind.name}.json`);
	}

	/**
	 * Returns the settings, or `undefined` if there is no file yet.
	 * @throws settingsDamaged (after the file was moved aside), settingsNewer, settingsUnwritable
	 */
	read(): Settings | undefined {
		// Another process may be repairing a damaged file, so it is read again under the lock.
		return this.readUnlessDamaged() ?? (this.exists() ? this.locked(() => this.readLocked()) : undefined);
	}

	/** Returns the settings without taking the lock; `undefined` if there are none, or if they are damaged. */
	readUnlessDamaged(): Settings | undefined {
		return withFile(this.path, () => {
			const verdict = this.#judge();
			return verdict?.state === 'damaged' ? undefined : this.#accept(verdict);
		});
	}

	/** Replaces the settings by the result of `change`, under the lock. Throws as `read` does. */
	change(change: (before: Settings | undefined) => Settings, write: Write): void {
		this.locked(() => write(this.path, change(this.readLocked())));
	}

	/** Whether the file exists, whatever it contains. */
	exists(): boolean {
		return withFile(this.path, () => this.#stat() !== undefined);
	}

	/** Creates the folder and does `work` while no other canon-wifi changes this file. */
	locked<T>(work: () => T): T {
		return withFile(this.path, () => {
			ensureFolderSync(this.#options.folder, 0o700);
			return locked(this.path, work);
		});
	}

	/**
	 * Like `read`, for a caller that holds the lock.
	 * @param onDamaged may return settings to use instead of a damaged file; otherwise `settingsDamaged` is thrown
	 */
	readLocked(onDamaged: (kept: KeptAside) => Settings | undefined = () => undefined): Settings | undefined {
		const verdict = this.#judge();
		if (verdict?.state !== 'damaged') return this.#accept(verdict);
		const kept = this.#keepAside();
		const cured = onDamaged(kept);
		if (cured !== undefined) return cured;
		throw new CanonWifiError('settingsDamaged', { file: this.path, keptAs: kept.keptAs });
	}

	#accept(verdict: Exclude<SettingsVerdict, { state: 'damaged' }> | undefined): Settings | undefined {
		if (verdict?.state === 'newer') throw new CanonWifiError('settingsNewer', { file: this.path, version: verdict.version });
		return verdict?.settings;
	}

	#judge(): SettingsVerdict | undefined {
		const stat = this.#stat();
		if (stat === undefined) return undefined;
		if (stat.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
		if (!stat.isFile()) throw new CanonWifiError('settingsUnwritable', { file: this.path, why: 'it is not a file' });
		if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) narrow(this.path);
		const text = readIfThere(this.path);
		return text === undefined ? undefined : judgeSettings(this.#options.kind, text);
	}

	/** Returns `undefined` if there is no file yet. Throws ENOTDIR if there can never be one. */
	#stat(): fs.Stats | undefined {
		const stat = fs.statSync(this.path, { throwIfNoEntry: false });
		if (stat === undefined) demandFolders(this.#options.folder);
		return stat;
	}

	#keepAside(): KeptAside {
		const { folder, kind, now } = this.#options;
		const date = now();
		let nth = 1;
		let keptAs = path.join(folder, damagedName(kind, date, nth));
		while (fs.lstatSync(keptAs, { throwIfNoEntry: false }) !== undefined) keptAs = path.join(folder, damagedName(kind, date, ++nth));
		const text = fs.readFileSync(this.path, 'utf8');
		withRetrySync(() => fs.renameSync(this.path, keptAs));
		return { keptAs, text };
	}
}

/** Returns the file's text, or `undefined` if another process has moved it aside meanwhile. */
function readIfThere(file: string): string | undefined {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
}

/** Removes the access rights of other users. A file of another owner stays as it is. */
function narrow(file: string): void {
	try {
		fs.chmodSync(file, 0o600);
	} catch {
		// Reading still works, and writing will report the problem.
	}
}
