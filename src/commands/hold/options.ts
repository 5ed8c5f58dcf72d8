/** What `hold` reads off its flags, and what it refuses because of them. */
import { CanonWifiError } from '#contract/errors.ts';
import { holderOf } from '#contract/hold-status.ts';
import type { Profile } from '#contract/profile.ts';
import { type KeepAliveSetting, keepAliveSetting } from '#hold/rules/keep-alive.ts';
import { gphoto2Port, type ListenAddress } from '#hold/rules/listen.ts';
import { passThroughOf, SESSION_ENDING_OPERATIONS } from '#hold/rules/requests.ts';
import { heldName } from '#hold/text/table.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Context } from '../shared/context.ts';
import { profileToUse } from '../shared/profile-lookup.ts';
import { savedSigns } from '../shared/profile-update.ts';
import type { HoldCall } from './flags.ts';

/** The profiles that were named, all of them, or the only one; `undefined` stands for whichever camera comes. Throws `usage` and `noProfile`. */
export function chosenProfiles(
	{ profile: named, flags }: Pick<HoldCall, 'profile' | 'flags'>,
	context: Pick<Context, 'holds' | 'profiles'>,
): (Profile | undefined)[] {
	if (flags.all === true && named.length > 0) throw usage('Both --all and cameras by name are given.', 'Give one of the two.');
	if (flags.all === true) {
		const saved = context.profiles.list();
		if (saved.length === 0) throw usage('--all holds every saved camera, and none is saved.', 'Pair one first: `canon-wifi pair`.');
		return saved;
	}
	if (named.length === 0) return [profileToUse(undefined, context)];
	return [...new Set(named)].map((id) => profileToUse(id, context));
}

/** A camera has one session only: a second hold would wait for it in vain. Throws `alreadyHeld`. */
export async function refuseHeld(
	saved: readonly (Profile | undefined)[],
	{ camera }: HoldCall['flags'],
	context: Pick<Context, 'holds' | 'profiles'>,
): Promise<void> {
	const holds = await context.holds.list();
	for (const profile of saved) {
		const target = profile === undefined ? {} : { id: profile.id, ...savedSigns(profile) };
		const holder = holderOf(holds, camera === undefined ? target : { camera });
		if (holder === undefined) continue;
		const { pid, held } = holder;
		const name = profile === undefined ? heldName(held) : `The camera "${profile.id}"`;
		throw new CanonWifiError('alreadyHeld', { camera: name, pid, gphoto2: gphoto2Port(held.address, held.port) });
	}
}

/** A simulated camera on this computer has the usual port on loopback, so clients get the one after it. */
export function besideCamera(
	listen: ListenAddress,
	network: NetworkInterface,
	flags: Pick<HoldCall['flags'], 'cameraPort'>,
): ListenAddress {
	const theirs = flags.cameraPort;
	return listen.mayMove && network.kind === 'loopback' && listen.port === theirs ? { ...listen, port: theirs + 1 } : listen;
}

/** `--keepalive`, or nothing when it was not given. Throws `usage`. */
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

/** The error for a call that makes no sense. */
export const usage = (problem: string, next: string) => new CanonWifiError('usage', { problem, next });
