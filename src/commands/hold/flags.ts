/** A call of `hold`: what is read off its flags, and what is refused because of them. */
import { CanonWifiError } from '#contract/errors.ts';
import { holderOf } from '#contract/hold-status.ts';
import type { Profile } from '#contract/profile.ts';
import { type KeepAliveSetting, keepAliveSetting } from '#hold/rules/keep-alive.ts';
import { gphoto2Port, type ListenAddress } from '#hold/rules/listen.ts';
import { passThroughOf, SESSION_ENDING_OPERATIONS } from '#hold/rules/requests.ts';
import { heldName } from '#hold/text/table.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import { PTPIP_PORT } from '#protocol/ptpip/packet.ts';
import type { CameraFlags, NetworkFlags } from '../shared/camera-request.ts';
import type { Deps } from '../shared/deps.ts';
import { savedSigns } from '../shared/remember.ts';
import { profileToUse } from '../shared/which-camera.ts';

export interface HoldCall {
	profiles: readonly string[];
	flags: NetworkFlags &
		Omit<CameraFlags, 'tool' | 'toolPath' | 'reconnect' | 'dryRun' | 'keepalive' | 'via'> & {
			keepalive?: string;
			listen?: string;
			allowRemote?: boolean;
			passThrough?: readonly string[];
			waitClients?: boolean;
			all?: boolean;
		};
	/** CMD and its arguments; empty: none. */
	command: readonly string[];
}

/** The profiles that were named, all of them, or the only one; `undefined` stands for whichever camera comes. */
export function chosenProfiles({ profiles, flags }: HoldCall, deps: Pick<Deps, 'holds' | 'profiles'>): (Profile | undefined)[] {
	if (flags.all === true && profiles.length > 0) throw usage('Both --all and cameras by name are given.', 'Give one of the two.');
	if (flags.all === true) {
		const saved = deps.profiles.list();
		if (saved.length === 0) throw usage('--all holds every saved camera, and none is saved.', 'Pair one first: `canon-wifi pair`.');
		return saved;
	}
	if (profiles.length === 0) return [profileToUse(undefined, deps)];
	return [...new Set(profiles)].map((id) => profileToUse(id, deps));
}

/** A camera has one session only: a second hold would wait for it for ever, or press it for nothing. Throws `alreadyHeld`. */
export async function refuseHeld(
	saved: readonly (Profile | undefined)[],
	{ camera }: HoldCall['flags'],
	deps: Pick<Deps, 'holds' | 'profiles'>,
): Promise<void> {
	const holds = await deps.holds.list();
	for (const profile of saved) {
		const wish = profile === undefined ? {} : { id: profile.id, ...savedSigns(profile) };
		const holder = holderOf(holds, camera === undefined ? wish : { camera });
		if (holder === undefined) continue;
		const { pid, held } = holder;
		const name = profile === undefined ? heldName(held) : `The camera "${profile.id}"`;
		throw new CanonWifiError('alreadyHeld', { camera: name, pid, gphoto2: gphoto2Port(held.address, held.port) });
	}
}

/** A software camera on this computer has the port of every camera on loopback too: clients are then taken beside it. */
export function besideCamera(listen: ListenAddress, network: NetworkInterface, flags: HoldCall['flags']): ListenAddress {
	const theirs = flags.cameraPort ?? PTPIP_PORT;
	return listen.mayMove && network.kind === 'loopback' && listen.port === theirs ? { ...listen, port: theirs + 1 } : listen;
}

/** `--keepalive`; nothing when it was not given. Throws `usage`. */
export function keepAliveFlag(flag: string | undefined): KeepAliveSetting | undefined {
	const setting = flag === undefined ? undefined : keepAliveSetting(flag);
	if (flag === undefined || setting !== undefined) return setting;
	throw usage(`--keepalive is auto, off or seconds from 1 to 3600, not "${flag}".`, 'Leave it out for auto.');
}

/** `--pass-through` as operation codes. Throws `usage`. */
export function passThroughFlag(flag: readonly string[] | undefined): ReadonlySet<number> {
	if (flag === undefined) return new Set();
	const given = passThroughOf(flag.join(','));
	if ('codes' in given) return given.codes;
	throw usage(`--pass-through does not know "${given.unknown}".`, `It knows ${Object.keys(SESSION_ENDING_OPERATIONS).join(', ')}.`);
}

/** A call that cannot be meant. */
export const usage = (problem: string, next: string) => new CanonWifiError('usage', { problem, next });
