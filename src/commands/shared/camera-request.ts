/**
 * From flags and a saved profile to everything that answering and connecting need. All of it is checked here,
 * before anything is opened: name, network, tool, arguments.
 */

import { builtinArgsProblem } from '#builtin/rules/arguments.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { type Identity, judgeName, nameFromHost } from '#contract/identity.ts';
import type { ToolId } from '#contract/names.ts';
import type { Policy, Profile, ToolChoice } from '#contract/profile.ts';
import { compareCameras, sameSerial, tellingSerial } from '#contract/same-camera.ts';
import { warning } from '#contract/warnings.ts';
import type { AnsweringRequest } from '#discovery/answering.ts';
import type { Wanted } from '#discovery/rules/sightings.ts';
import { chooseNetwork, decidingFlag, isUp, type NetworkChoice, type WantedNetwork } from '#network/rules/choosing-network.ts';
import { type NetworkInterface, requireIpv4 } from '#network/rules/networks.ts';
import type { CameraOs } from '#protocol/chdk/os.ts';
import { PTPIP_PORT } from '#protocol/ptpip/packet.ts';
import type { Client, Job } from '#session/client.ts';
import type { ConnectingRequest } from '#session/connecting.ts';
import type { Deps } from './deps.ts';
import { savedSigns } from './remember.ts';

/** The flags that pair, connect and serve have in common, as parsed. */
export interface NetworkFlags {
	interface?: string;
	address?: string;
	name?: string;
	descPort?: number;
	descPath?: string;
	maxAge: number;
	bindAll?: boolean;
	/** SSDP port. */
	ssdpPort: number;
}

export interface CameraFlags {
	tool?: ToolChoice;
	toolPath?: string;
	os?: CameraOs | 'auto';
	unlock?: Policy;
	keepalive?: Policy;
	camera?: string;
	/** Through a running hold, or not; absent: if there is one. */
	via?: 'hold' | 'direct';
	cameraPort?: number;
	reconnect?: boolean;
	dryRun?: boolean;
	/** Seconds. */
	timeout: number;
	/** Whether --timeout was given by hand. */
	timeoutGiven: boolean;
}

/** Port of the description: that of the old helper scripts, which firewalls may know. */
export const DESC_PORT = 8043;
const DESC_PATH = 'ptpip-canon-desc-helper.xml';
/** Without a camera for this long, the likely cause is told. */
export const HINT_AFTER_MS = 20_000;

/** The name for the camera's screen; throws `badName`, warns about one that may not fit. */
export function computerName(
	given: string | undefined,
	fallbacks: readonly (string | null | undefined)[],
	deps: Pick<Deps, 'hostname' | 'emit'>,
): string {
	const name = given ?? fallbacks.find((one) => one != null) ?? nameFromHost(deps.hostname);
	const { refused, warning: doubt } = judgeName(name);
	if (refused !== undefined) throw new CanonWifiError('badName', { name, why: refused });
	if (doubt !== undefined) deps.emit(warning('unusualName', { name, why: doubt }));
	return name;
}

/** What decides about the network: flags, then what is saved of the cameras, the most important one first. */
export function wantedNetwork(
	flags: Pick<NetworkFlags, 'interface' | 'address'> & { addressFlag?: string; camera?: string },
	profiles: readonly (Profile | undefined)[],
): WantedNetwork {
	const saved = profiles.filter((profile) => profile !== undefined);
	return {
		interface: flags.interface,
		address: flags.address,
		addressFlag: flags.addressFlag,
		camera: flags.camera,
		usual: saved.flatMap((profile) => profile.interface ?? []),
		lastAddresses: saved.flatMap((profile) => profile.lastAddress ?? []),
	};
}

/** The interface to announce: as asked, the profile's if it is up, or the one that makes sense; or those among which to choose. */
export function networkFor(wanted: WantedNetwork, deps: Pick<Deps, 'networks' | 'emit'>): NetworkChoice {
	const networks = deps.networks.list();
	const choice = chooseNetwork(networks, wanted);
	const [usual] = wanted.interface === undefined && wanted.address === undefined ? (wanted.usual ?? []) : [];
	if (usual !== undefined && !isUp(networks, usual))
		deps.emit(warning('otherNetwork', { usual, used: 'chosen' in choice ? choice.chosen.name : null }));
	return choice;
}

/** The same where nobody is asked. Throws `missingAnswer`. */
export function networkOrFail(choice: NetworkChoice): NetworkInterface {
	if (!('ask' in choice)) return choice.chosen;
	throw new CanonWifiError('missingAnswer', {
		what: 'which network the camera is in',
		flag: decidingFlag(choice.likely),
	});
}

/** Everything that answering needs. */
export function answeringRequest(
	flags: NetworkFlags,
	{ network, wanted }: { network: NetworkInterface /** How it was chosen. */; wanted: WantedNetwork },
	identity: Identity,
	name: string,
	serve = true,
): AnsweringRequest {
	return {
		network,
		wanted,
		identity,
		name,
		ssdpPort: flags.ssdpPort,
		description: {
			port: flags.descPort ?? DESC_PORT,
			mayMove: flags.descPort === undefined,
			path: (flags.descPath ?? DESC_PATH).replace(/^\/+/, ''),
			serve,
		},
		maxAge: flags.maxAge,
		bindAll: flags.bindAll === true,
		// On loopback every camera, a software one, has our own address.
		answerOwn: network.kind === 'loopback',
	};
}

/** The client to use, found and checked; `null` for `none`. */
export async function clientFor(
	flags: CameraFlags,
	profile: Profile | undefined,
	args: readonly string[],
	deps: Pick<Deps, 'tools'>,
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
	const tool = choice ?? (await firstUsable(deps));
	if (tool === 'builtin') {
		const problem = builtinArgsProblem(args);
		if (problem !== undefined) throw problem;
	}
	return deps.tools.client(tool, path);
}

/** Of gphoto2, chdkptp and the built-in client the first that can be used; the last always can. */
async function firstUsable(deps: Pick<Deps, 'tools'>): Promise<ToolId> {
	for (const tool of ['gphoto2', 'chdkptp'] as const) if ((await deps.tools.find(tool)).state === 'usable') return tool;
	return 'builtin';
}

/** What the client is told to do, but for the camera's address. */
export function jobFor(
	flags: CameraFlags,
	profile: Profile | undefined,
	given: { args: readonly string[]; identity: Identity; name: string; purpose: Job['purpose']; talk: Job['talk'] },
): Omit<Job, 'address'> {
	return {
		port: flags.cameraPort ?? PTPIP_PORT,
		...given,
		os: flags.os ?? profile?.os ?? 'auto',
		unlock: flags.unlock ?? profile?.unlock ?? 'auto',
		keepalive: flags.keepalive ?? profile?.keepalive ?? 'auto',
	};
}

/**
 * Whom to take for the camera: by --camera, else by what the profile tells. `others`: saved cameras that are not to be taken
 * for a profile about whose camera something is known. Throws `notIpv4`.
 */
export function wantedCamera(flags: Pick<CameraFlags, 'camera'>, profile: Profile | undefined, others: readonly Profile[] = []): Wanted {
	if (flags.camera === undefined) {
		if (profile === undefined) return { mac: null };
		const { mac, lastAddress, id } = profile;
		if (mac === null && tellingSerial(profile.serial) === null) return { mac, lastAddress };
		const mine = savedSigns(profile);
		const not = others.flatMap((one) => {
			// The same camera may be saved under two names, and two cameras behind one repeater with one MAC.
			const meant = one.mac === mac || (sameSerial(one, mine) && compareCameras(savedSigns(one), mine) !== 'other');
			const shared = others.some((two) => two.mac === one.mac && compareCameras(savedSigns(one), savedSigns(two)) === 'other');
			return one.mac === null || meant || shared ? [] : [one.mac];
		});
		const names = new Map(others.flatMap((one) => (one.mac === null ? [] : [[one.mac, one.id] as const])));
		return { mac, lastAddress, not, id, names };
	}
	requireIpv4(flags.camera, '--camera');
	return { address: flags.camera };
}

/** How long to wait: under --reconnect for as long as it takes, the first time too, unless a limit was given by hand. */
export function limits(flags: CameraFlags): Pick<ConnectingRequest, 'limitMs' | 'hintAfterMs' | 'reconnect'> {
	return {
		limitMs: flags.reconnect === true && !flags.timeoutGiven ? Number.POSITIVE_INFINITY : flags.timeout * 1000,
		hintAfterMs: HINT_AFTER_MS,
		reconnect: flags.reconnect === true,
	};
}

/** What a dry run shows: the command line, and what is to be known about it. The camera's address is known only when it was given or used before. */
export function dryRun(
	client: Client | null,
	job: Omit<Job, 'address'>,
	flags: CameraFlags,
	profile: Profile | undefined,
): { text: string; found: { commandLine: string; remark?: string } } {
	if (client === null) return shownAs('# --tool none: no command would run');
	const at: Job = { ...job, address: flags.camera ?? profile?.lastAddress ?? 'CAMERA_ADDRESS' };
	return shownAs(client.describe(at), client.remark?.(at));
}

/** As text, the remark is a comment before the command line, so that both can be pasted. */
export function shownAs(commandLine: string, remark?: string): ReturnType<typeof dryRun> {
	return remark === undefined
		? { text: `${commandLine}\n`, found: { commandLine } }
		: { text: `# ${remark}\n${commandLine}\n`, found: { commandLine, remark } };
}
