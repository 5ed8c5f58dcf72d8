/** Makes a client of a tool. */
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { whyOf } from '#base/errors.ts';
import { commandLine, quoteArg } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Emit } from '#contract/events.ts';
import type { Attempted, Client, Job } from '#session/client.ts';
import { connectTool, type RunContext } from './run/attempt.ts';
import { asUnwritable, RunFolders } from './run/run-folders.ts';
import type { CommandLine, PreparedFile, Tool, ToolPaths } from './tool.ts';

/** A tool that was found, and what its runs need. */
export interface ClientOptions {
	readonly tool: Tool;
	/** The program, absolute. */
	readonly program: string;
	readonly version: string;
	readonly library?: string;
	readonly home?: string;
	readonly stdbuf?: string;
	/** A folder of ours for this tool. */
	readonly folder: string;
	readonly templates: string;
	readonly platform: NodeJS.Platform;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly context: RunContext;
}

/** A client that runs a tool, one process for each attempt. */
export class ToolClient implements Client {
	readonly #options: ClientOptions;
	readonly #runFolders: RunFolders;

	constructor(options: ClientOptions) {
		this.#options = options;
		this.#runFolders = new RunFolders(options.folder, options.platform);
	}

	get tool(): Tool['id'] {
		return this.#options.tool.id;
	}

	get path(): string {
		return this.#options.program;
	}

	get version(): string {
		return this.#options.version;
	}

	wantsTerminal(args: readonly string[]): boolean {
		return this.#options.tool.interactive(args);
	}

	/**
	 * What an attempt runs, without the file through which we listen. The files that the command line needs are written, so
	 * that it works when it is pasted. Throws `settingsUnwritable` when they cannot be, as no attempt could then.
	 */
	describe(job: Job): string {
		const { tool, platform } = this.#options;
		for (const program of tool.starts?.(job.args) ?? []) requireExecutable(program, platform);
		for (const file of tool.reads?.(job.args) ?? []) requireReadable(file);
		const paths = this.#paths(join(this.#options.folder, 'shown'), null);
		for (const file of this.#options.tool.prepare(job, paths)) writeShown(file);
		return pasteable(this.#options.tool.command(job, paths), this.#options.platform);
	}

	remark(job: Job): string | undefined {
		return this.#options.tool.remark?.(job, this.#paths(join(this.#options.folder, 'shown'), null));
	}

	async connect(job: Job, emit: Emit, signal: AbortSignal): Promise<Attempted> {
		signal.throwIfAborted();
		const folder = await this.#runFolders.open();
		const paths = this.#paths(folder, join(folder, 'report'));
		return connectTool(this.#options.tool, job, paths, this.#options.context, emit, signal, () => this.#runFolders.close(folder));
	}

	#paths(folder: string, report: string | null): ToolPaths {
		const { program, templates, platform, env, library, home, stdbuf } = this.#options;
		const known = {
			...(library === undefined ? {} : { library }),
			...(home === undefined ? {} : { home }),
			...(stdbuf === undefined ? {} : { stdbuf }),
		};
		return { program, folder, report, templates, platform, env, ...known };
	}
}

/** A tool would only say so when the camera has come. */
function requireExecutable(program: string, platform: NodeJS.Platform): void {
	try {
		accessSync(program, platform === 'win32' ? constants.F_OK : constants.X_OK);
	} catch (error) {
		throw new CanonWifiError(
			'usage',
			{ problem: `${program} cannot be started: ${whyOf(error)}.`, next: 'Correct its path, or make it executable (chmod +x).' },
			{ cause: error },
		);
	}
}

/** A tool would only say so when the camera has come, and might be taken for one that the camera refused. */
function requireReadable(file: string): void {
	try {
		accessSync(file, constants.R_OK);
	} catch (error) {
		throw new CanonWifiError('usage', { problem: `${file} cannot be read: ${whyOf(error)}.`, next: 'Correct its path.' }, { cause: error });
	}
}

function writeShown(file: PreparedFile): void {
	if ('fifo' in file) return;
	try {
		mkdirSync(dirname(file.path), { recursive: true, mode: 0o700 });
		writeFileSync(file.path, file.content, { mode: file.mode ?? 0o600 });
	} catch (error) {
		throw asUnwritable(file.path, error);
	}
}

/** A command line with the variables that it needs, for the shell of the system. */
export function pasteable({ file, args, env }: CommandLine, platform: NodeJS.Platform): string {
	if (platform !== 'win32')
		return [...Object.entries(env).map(([name, value]) => `${name}=${quoteArg(value)}`), commandLine(file, args, platform)].join(' ');
	const set = Object.entries(env).map(([name, value]) => `$env:${name}='${value.replaceAll("'", "''")}'; `);
	return `${set.join('')}& ${commandLine(file, args, platform)}`;
}
