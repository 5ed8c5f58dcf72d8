/** From flags and a saved profile to the client, its job and the camera that is wanted. All of it is checked before anything is opened. */

import { builtinArgsProblem } from '#builtin/rules/arguments.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Identity } from '#contract/identity.ts';
import type { ToolId } from '#contract/names.ts';
import type { Profile } from '#contract/profile.ts';
import { compareCameras, sameSerial, tellingSerial } from '#contract/same-camera.ts';
import { warning } from '#contract/warnings.ts';
import type { CameraFilter } from '#discovery/rules/camera-selection.ts';
import { requireIpv4 } from '#network/rules/networks.ts';
import type { Client, Job, Tools } from '#session/client.ts';
import type { ConnectingRequest } from '#session/connecting.ts';
import type { Context } from './context.ts';
import { type CameraFlags, TIMEOUT_SECONDS } from './flags.ts';
import { HINT_AFTER_MS } from './network-request.ts';
import { savedSigns } from './profile-update.ts';

/** The client to use, found and checked; `null` for `none`. */
export async function clientFor(
	flags: Pick<CameraFlags, 'tool' | 'toolPath'>,
	profile: Profile | undefined,
	args: readonly string[],
	{ tools }: Pick<Context, 'tools'>,
): Promise<Client | null> {
	const choice = flags.tool ?? profile?.tool;
	if (flags.toolPath !== undefined && choice !== 'gphoto2' && choice !== 'chdkptp')
		throw new CanonWifiError('usage', {
			problem: '--tool-path says where a tool is, but not which it is.',
			next: 'Add --tool gphoto2 or --tool chdkptp.',
		});
	if (choice === 'none') {
		if (args.length > 0)
			throw new CanonWifiError('usage', {
				problem: 'With --tool none there is no tool to pass arguments to.',
				next: 'Leave out what follows "--", or choose another --tool.',
			});
		return null;
	}
	const path = flags.toolPath ?? (profile !== undefined && profile.tool === choice ? (profile.toolPath ?? undefined) : undefined);
	const tool = choice ?? (await firstUsable(tools));
	if (tool === 'builtin') {
		const problem = builtinArgsProblem(args);
		if (problem !== undefined) throw problem;
	}
	return tools.client(tool, path);
}

/** Of gphoto2, chdkptp and the built-in client the first that can be used; the last always can. */
async function firstUsable(tools: Tools): Promise<ToolId> {
	for (const tool of ['gphoto2', 'chdkptp'] as const) if ((await tools.find(tool)).state === 'usable') return tool;
	return 'builtin';
}

/** What the client is to do, except for the camera's address. */
export function jobFor(
	flags: Pick<CameraFlags, 'cameraPort' | 'os' | 'unlock' | 'keepalive'>,
	profile: Profile | undefined,
	given: { args: readonly string[]; identity: Identity; name: string; purpose: Job['purpose']; talk: Job['talk'] },
): Omit<Job, 'address'> {
	return {
		port: flags.cameraPort,
		...given,
		os: flags.os ?? profile?.os ?? 'auto',
		unlock: flags.unlock ?? profile?.unlock ?? 'auto',
		keepalive: flags.keepalive ?? profile?.keepalive ?? 'auto',
	};
}

/**
 * Which device to take for the camera: by --camera, else by what the profile knows. `others`: saved cameras that must not be
 * taken for this profile's, if anything is known about that. Throws `notIpv4`.
 */
export function wantedCamera(
	flags: Pick<CameraFlags, 'camera'>,
	profile: Profile | undefined,
	others: readonly Profile[] = [],
): CameraFilter {
	if (flags.camera === undefined) {
		if (profile === undefined) return { mac: null };
		const { mac, lastAddress, id } = profile;
		if (mac === null && tellingSerial(profile.serial) === null) return { mac, lastAddress };
		const mine = savedSigns(profile);
		const exclude = others.flatMap((one) => {
			// The same camera may be saved under two names, and two cameras behind one repeater with one MAC.
			const meant = one.mac === mac || (sameSerial(one, mine) && compareCameras(savedSigns(one), mine) !== 'other');
			const shared = others.some((two) => two.mac === one.mac && compareCameras(savedSigns(one), savedSigns(two)) === 'other');
			return one.mac === null || meant || shared ? [] : [one.mac];
		});
		const names = new Map(others.flatMap((one) => (one.mac === null ? [] : [[one.mac, one.id] as const])));
		return { mac, lastAddress, exclude, id, names };
	}
	requireIpv4(flags.camera, '--camera');
	return { address: flags.camera };
}

/** How long to wait: with --reconnect as long as it takes, the first time too, unless a limit was given by hand. */
export function limits({
	timeout,
	reconnect = false,
}: Pick<CameraFlags, 'timeout' | 'reconnect'>): Pick<ConnectingRequest, 'limitMs' | 'hintAfterMs' | 'reconnect'> {
	return { limitMs: limitMs(timeout, reconnect), hintAfterMs: HINT_AFTER_MS, reconnect };
}

/** `--timeout` in milliseconds. `unlimited`: without the flag, wait as long as it takes. */
export function limitMs(timeout: number | undefined, unlimited: boolean): number {
	if (timeout === undefined && unlimited) return Number.POSITIVE_INFINITY;
	return (timeout ?? TIMEOUT_SECONDS) * 1000;
}

/** A command line to be shown. `found` is for the `result` event. */
export interface ShownCommand {
	text: string;
	found: { commandLine: string; remark?: string };
}

/** What a dry run shows. The camera's address is known only when it was given or used before. */
export function dryRun(client: Client | null, job: Omit<Job, 'address'>, address: string | null | undefined): ShownCommand {
	if (client === null) return shownCommand('# --tool none: no command would run');
	const at: Job = { ...job, address: address ?? 'CAMERA_ADDRESS' };
	return shownCommand(client.describe(at), client.remark?.(at));
}

/** As text, the remark is a comment before the command line, so that both can be pasted. */
export function shownCommand(commandLine: string, remark?: string): ShownCommand {
	return remark === undefined
		? { text: `${commandLine}\n`, found: { commandLine } }
		: { text: `# ${remark}\n${commandLine}\n`, found: { commandLine, remark } };
}

/** Stops tools left over from a killed run, and says so. */
export async function endLeftovers({ endLeftovers: end, emit }: Pick<Context, 'endLeftovers' | 'emit'>): Promise<void> {
	for (const tool of await end()) emit(warning('leftoverEnded', { tool }));
}
