/** The tools of this computer. */

import { mkdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { CanonWifiError } from '#contract/errors.ts';
import type { ToolId } from '#contract/names.ts';
import type { Client, ToolFinding, Tools } from '#session/client.ts';
import { chdkptp } from './chdkptp/chdkptp.ts';
import { ToolClient } from './client.ts';
import { findTool, onPath, type ToolLookup } from './find/find.ts';
import { gphoto2 } from './gphoto2/gphoto2.ts';
import { ReplayableStdin } from './output/stdin.ts';
import { tidy } from './run/run-folders.ts';
import type { Tool } from './tool.ts';

/** What the tools of this computer need. */
export interface ToolsOptions {
	/** A folder of ours, the same at every start: the tools' private settings live in it. */
	readonly folder: string;
	/** Folder of the templates that we ship. */
	readonly templates: string;
	readonly platform: NodeJS.Platform;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Opened at the first attempt that may read it; not with `talk: 'terminal'`. */
	stdin(): Readable;
	readonly stdout: Writable;
	readonly stderr: Writable;
	/** Show what refused attempts say too. */
	readonly verbose: boolean;
	/**
	 * Called when a tool on the terminal is connected: until the function that comes back is called, Ctrl-C (SIGINT) and Ctrl-\\
	 * (SIGQUIT), which the terminal sends to the tool as well, are the tool's and must do nothing here.
	 */
	lendTerminal(): () => void;
	/** The built-in client. */
	builtin(): Promise<Client>;
	/** Milliseconds. Defaults: 20 s to connect, 5 s to end when asked, 5 s to end after a loss, 30 s for a silent camera, 5 s to answer a probe. */
	readonly limits?: {
		readonly connectMs?: number;
		readonly quitMs?: number;
		readonly lostMs?: number;
		readonly silentMs?: number;
		readonly probeMs?: number;
	};
	/** All tools but the built-in one. */
	readonly tools?: readonly Tool[];
}

/** What `Tools` is to `wire.ts`: closing it lets go of stdin, so that nothing keeps the program alive. */
export interface OpenTools extends Tools {
	/**
	 * Ends tools that outlived a run of ours that was killed: one of them would keep the one session that the camera has.
	 * Returns which there were. To be called before a camera is waited for.
	 */
	endLeftovers(): Promise<Tool['id'][]>;
	close(): void;
}

/** Makes the tools; nothing is looked for before it is asked for. */
export function createTools(options: ToolsOptions): OpenTools {
	const { folder, templates, platform, env, limits = {} } = options;
	const known = options.tools ?? [gphoto2, chdkptp];
	const stdin = new ReplayableStdin(options.stdin);

	const look = async (id: Exclude<ToolId, 'builtin'>, path: string | undefined): Promise<[Tool, ToolLookup]> => {
		const tool = known.find((one) => one.id === id);
		if (tool === undefined) throw new Error(`no tool ${id}`);
		const place = join(folder, tool.id);
		// Whether settings can be written is another question than what is installed.
		const cwd = await mkdir(place, { recursive: true, mode: 0o700 }).then(
			() => place,
			() => parse(place).root,
		);
		return [tool, await findTool(tool, path, { platform, env, cwd, limitMs: limits.probeMs ?? 5000 })];
	};

	return {
		async find(id, path) {
			if (id === 'builtin') return builtinFinding(await options.builtin());
			const { wrongPath: _, library: __, home: ___, ...finding } = (await look(id, path))[1];
			return finding;
		},
		async client(id, path) {
			if (id === 'builtin') return options.builtin();
			const [tool, found] = await look(id, path);
			const program = usable(tool, found, platform);
			const stdbuf = platform === 'linux' ? await onPath(['stdbuf'], { platform, env }) : undefined;
			return new ToolClient({
				tool,
				program,
				version: found.version ?? '',
				...(found.library === undefined ? {} : { library: found.library }),
				...(found.home === undefined ? {} : { home: found.home }),
				...(stdbuf === undefined ? {} : { stdbuf }),
				folder: join(folder, tool.id),
				templates,
				platform,
				env,
				context: {
					stdin,
					stdout: options.stdout,
					stderr: options.stderr,
					verbose: options.verbose,
					connectLimitMs: limits.connectMs ?? 20_000,
					quitGraceMs: limits.quitMs ?? 5000,
					lostGraceMs: limits.lostMs ?? 5000,
					silentMs: limits.silentMs ?? 30_000,
					lendTerminal: options.lendTerminal,
				},
			});
		},
		async endLeftovers() {
			const left = await Promise.all(known.map(async ({ id }) => ((await tidy(join(folder, id), platform)) ? [id] : [])));
			return left.flat();
		},
		close: () => stdin.close(),
	};
}

function builtinFinding({ version }: Client): ToolFinding {
	return { tool: 'builtin', state: 'usable', path: null, version, note: '', next: '' };
}

/** The program of a usable tool; the error for any other. */
function usable({ name, install, minimum }: Tool, found: ToolLookup, platform: NodeJS.Platform): string {
	const { state, path, version, note, next, wrongPath } = found;
	if (wrongPath !== undefined) throw new CanonWifiError('toolPathWrong', { tool: name, ...wrongPath });
	if (state === 'usable' && path !== null) return path;
	if (state === 'missing' || path === null) throw new CanonWifiError('toolMissing', { tool: name, install: install(platform) });
	if (state === 'withoutNetwork') throw new CanonWifiError('toolWithoutNetwork', { tool: name, path, next });
	if (state === 'tooOld')
		throw new CanonWifiError('toolTooOld', { tool: name, version: version ?? '', lacks: note || `at least ${minimum} is needed`, next });
	throw new CanonWifiError('toolPathWrong', { tool: name, path, why: note.replace(/^.*?: /, '').replace(/\.$/, '') || 'it does not work' });
}
