/** Where a program is and whether it is the right one, without a shell and without touching a camera. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, realpath, stat, symlink } from 'node:fs/promises';
import { delimiter, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import type { ToolFinding } from '#session/client.ts';
import { ask } from '../run/run.ts';
import type { Tool } from '../tool.ts';

/** How programs are looked for and asked. */
export interface FindOptions {
	readonly platform: NodeJS.Platform;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Working directory of the probes: a folder of ours, so that nothing is read from or written to the user's. */
	readonly cwd: string;
	/** Limit of one probe, in milliseconds. */
	readonly limitMs: number;
}

/** Bytes of a probe's output that are looked at. */
const PROBE_BYTES = 1 << 16;

/** Why this file cannot be started, or nothing. */
export async function fileProblem(path: string, platform: NodeJS.Platform): Promise<string | undefined> {
	const found = await stat(path).catch(() => undefined);
	if (found === undefined) return 'there is no such file';
	if (found.isDirectory()) return 'it is a folder';
	if (!found.isFile()) return 'it is not a file';
	if (platform === 'win32') return undefined;
	return access(path, constants.X_OK).then(
		() => undefined,
		() => 'it is not executable (chmod +x makes it so)',
	);
}

/**
 * The best of `names` in the first folder of PATH that has one, or nothing. Empty and relative entries of PATH are not
 * looked into: they depend on where one stands.
 */
export async function onPath(
	names: readonly string[],
	{ platform, env }: Pick<FindOptions, 'platform' | 'env'>,
): Promise<string | undefined> {
	const variable = Object.keys(env).find((name) => (platform === 'win32' ? name.toUpperCase() : name) === 'PATH');
	const folders = (variable === undefined ? '' : (env[variable] ?? '')).split(delimiter).filter((folder) => isAbsolute(folder));
	const endings = platform === 'win32' ? (env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';') : [''];
	for (const folder of folders)
		for (const name of names)
			for (const ending of platform === 'win32' && extname(name) !== '' ? [''] : endings) {
				const path = join(folder, name + ending);
				if ((await fileProblem(path, platform)) === undefined) return path;
			}
	return undefined;
}

/** A finding, and what the error about a wrong path says. */
export type ToolLookup = ToolFinding & {
	readonly wrongPath?: { readonly path: string; readonly why: string };
	readonly library?: string;
	readonly home?: string;
};

/**
 * Looks for a tool: `given` (`--tool-path`) and nothing else, or the file that its environment variable names, or the
 * first of its names on PATH; then asks it what it is.
 */
export async function findTool(tool: Tool, given: string | undefined, options: FindOptions): Promise<ToolLookup> {
	const { platform, env, cwd, limitMs } = options;
	const named = given ?? (tool.variable === null ? undefined : env[tool.variable] || undefined);
	// A bare name that somebody gave is meant as the shell means it.
	const asked = named === undefined || /[\\/]/.test(named) ? undefined : await onPath([named], options);
	const path = named === undefined ? await onPath(tool.names(platform), options) : (asked ?? resolve(named));
	const base = { tool: tool.id, path: path ?? null, version: null, note: '', next: '' };
	if (path === undefined) return { ...base, state: 'missing', note: `${tool.name} was not found on PATH.`, next: tool.install(platform) };
	const why = named === undefined ? undefined : await fileProblem(path, platform);
	if (why !== undefined)
		return {
			...base,
			state: 'broken',
			note: `${path} cannot be used: ${why}.`,
			next: 'Correct the path, or leave it out.',
			wrongPath: { path, why },
		};
	const folder = await homeOf(tool, path);
	const home = folder === undefined || tool.canName?.(folder) !== false ? folder : await linkTo(folder, cwd);
	const found = home === undefined ? {} : (tool.home?.(home, env) ?? {});
	const answers = [];
	for (const { args, env: more = {} } of tool.probes)
		answers.push(await ask({ file: path, args, env: { ...found, ...more } }, { platform, cwd, limitMs, limitBytes: PROBE_BYTES }));
	const verdict = tool.judge(answers, path);
	return { ...base, ...verdict, ...(home === undefined ? {} : { home }) };
}

/** A link to a folder, in a folder of ours; the folder itself where no link can be made. */
async function linkTo(folder: string, ours: string): Promise<string> {
	const link = join(ours, `home-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`);
	// A junction needs no rights on Windows; elsewhere the word means nothing.
	await symlink(folder, link, 'junction').catch(() => {});
	return (await realpath(link).catch(() => undefined)) === folder ? link : folder;
}

/** The folder where the program really lies (it may be named by a link), if what belongs to it lies there too. */
async function homeOf({ beside }: Tool, path: string): Promise<string | undefined> {
	if (beside === undefined || extname(path) === '.sh') return undefined;
	const folder = dirname(await realpath(path).catch(() => path));
	return (await stat(join(folder, beside)).catch(() => undefined))?.isFile() === true ? folder : undefined;
}
