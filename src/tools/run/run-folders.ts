/** A private folder for each run, and the end of what a killed run of ours has left behind. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, whyOf } from '#base/errors.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { PreparedFile } from '../tool.ts';
import { answers, mentioning, signalTo } from './processes.ts';
import { askSystem } from './system-program.ts';

/** What the file system refuses of a place of ours becomes `settingsUnwritable`; anything else stays as it is. */
export function asUnwritable(place: string, error: unknown): unknown {
	return errnoOf(error) === undefined
		? error
		: new CanonWifiError('settingsUnwritable', { file: place, why: whyOf(error) }, { cause: error });
}

/** Environment variable that marks what a run has started, whatever it is called. */
export const MARK = 'CANON_WIFI_RUN';
const RUN = /^run-(\d+)-\d+$/;

/** The folder of a tool's runs, one folder for each run. */
export class RunFolders {
	readonly #folder: string;
	readonly #platform: NodeJS.Platform;
	#runs = 0;

	/** `folder` is ours alone, and the same at every start of the program. */
	constructor(folder: string, platform: NodeJS.Platform) {
		this.#folder = folder;
		this.#platform = platform;
	}

	/** Makes a folder (mode 0700) for one run, and tidies up after runs whose program was killed. Rejects with `settingsUnwritable`. */
	async open(): Promise<string> {
		const folder = join(this.#folder, `run-${process.pid}-${++this.#runs}`);
		try {
			await mkdir(this.#folder, { recursive: true, mode: 0o700 });
			await tidy(this.#folder, this.#platform);
			await rm(folder, { recursive: true, force: true });
			await mkdir(folder, { mode: 0o700 });
		} catch (error) {
			throw asUnwritable(folder, error);
		}
		return folder;
	}

	/** Removes the folder of a run. */
	async close(folder: string): Promise<void> {
		await removed(folder);
	}
}

/**
 * Ends what runs of ours that were killed have left in this folder, and removes their files: a tool that outlived its run
 * would keep the one session that the camera has. True when a program was still there.
 */
export async function tidy(folder: string, platform: NodeJS.Platform): Promise<boolean> {
	let found = false;
	for (const name of await readdir(folder).catch(() => [])) {
		const owner = Number(RUN.exec(name)?.[1]);
		if (Number.isNaN(owner) || answers(owner)) continue;
		const place = join(folder, name);
		for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
			const left = await mentioning(place, platform);
			for (const pid of left) signalTo(pid, signal);
			if (left.length > 0) await sleep(500);
			found ||= left.length > 0;
		}
		await removed(place);
	}
	return found;
}

async function removed(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
}

/** Writes what a tool wants to find. A named pipe that cannot be made is left out. Rejects with `settingsUnwritable`. */
export async function writePrepared(files: readonly PreparedFile[]): Promise<void> {
	for (const file of files)
		try {
			await mkdir(dirname(file.path), { recursive: true, mode: 0o700 });
			if ('content' in file) await writeFile(file.path, file.content, { mode: file.mode ?? 0o600 });
			else await askSystem('mkfifo', ['-m', '600', file.path]).catch(() => {});
		} catch (error) {
			throw asUnwritable(file.path, error);
		}
}
