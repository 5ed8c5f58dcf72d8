/** From the flags of `hold` and the saved cameras to one complete request. */
import { isLoopback } from '#base/ipv4-literal.ts';
import { printable } from '#base/text.ts';
import type { Profile } from '#contract/profile.ts';
import { warning } from '#contract/warnings.ts';
import type { DiscoveryRequest } from '#discovery/flow.ts';
import type { HoldTarget } from '#hold/hold-request.ts';
import { listenAddress } from '#hold/rules/listen.ts';
import { chooseNetwork, isUp } from '#network/rules/choosing-network.ts';
import { type NetworkInterface, sameSubnet } from '#network/rules/networks.ts';
import { limitMs, wantedCamera } from '../shared/camera-request.ts';
import type { Context } from '../shared/context.ts';
import { resolveNetworkRequest, resolveThisComputer, wantedNetwork } from '../shared/network-request.ts';
import type { HoldCall } from './flags.ts';
import { besideCamera, chosenProfiles, keepAliveFlag, passThroughFlag, refuseHeld, usage } from './options.ts';
import type { HoldPorts } from './ports.ts';

/** Everything that had to be known before anything is opened. */
export interface HoldRequest {
	discovery: DiscoveryRequest;
	cameras: readonly HoldTarget[];
	/** The profile of each camera; `undefined` stands for whichever comes. */
	profiles: readonly (Profile | undefined)[];
	/** Cameras were named. */
	named: boolean;
	/** Other saved cameras, which must not be taken for these. */
	others: readonly Profile[];
	/** How long to wait for a camera, in milliseconds. */
	limitMs: number;
	/** A program of the user's and its arguments; empty: none. */
	command: readonly string[];
}

type ResolvingContext = Pick<
	Context,
	'networks' | 'emit' | 'identities' | 'profiles' | 'holds' | 'hostname' | 'prompt' | 'legacyUuidFile'
> &
	Pick<HoldPorts, 'commandProblem'>;

/** Throws `usage`, `alreadyHeld`, `noProfile`, and what choosing the network throws. */
export async function resolveHoldRequest(call: HoldCall, context: ResolvingContext): Promise<HoldRequest> {
	const { flags, rest: command } = call;
	const profiles = chosenProfiles(call, context);
	const several = profiles.length > 1;
	if (command.length > 0 && several)
		throw usage('A command can run with one camera only, and several are to be held.', 'Name one, or leave the command out.');
	const listen = listenAddress(flags.listen, flags.allowRemote === true);
	if (flags.listen !== undefined && several && listen.port !== 0)
		throw usage('One --listen port cannot serve several cameras.', 'Leave it out, or give port 0: each camera gets a free one.');
	const keepalive = keepAliveFlag(flags.keepalive);
	const passThrough = passThroughFlag(flags.passThrough);
	if (several && flags.camera !== undefined) throw usage('--camera names one camera, and several are to be held.', 'Leave it out.');
	const [file] = command;
	const problem = file === undefined ? undefined : await context.commandProblem(file);
	if (problem !== undefined) throw usage(`${printable(file ?? '')} cannot be run: ${problem}.`, 'Correct what follows "--".');
	await refuseHeld(profiles, flags, context);

	const named = call.profile.length > 0;
	const others = named ? context.profiles.list().filter(({ id }) => !profiles.some((one) => one?.id === id)) : [];
	const computer = resolveThisComputer(flags, profiles[0], context);
	const discovery = await resolveNetworkRequest(flags, profiles, computer, context);
	warnOfOtherNetworks(profiles, discovery.network, flags, context);
	if (!isLoopback(listen.address)) context.emit(warning('openToAll', { address: listen.address }));
	const cameras = profiles.map(
		(profile): HoldTarget => ({
			proxy: {
				id: profile?.id ?? null,
				...besideCamera(listen, discovery.network, flags),
				passThrough,
				waitClients: flags.waitClients === true,
				keepalive: keepalive ?? (profile?.keepalive === 'never' ? 'off' : 'auto'),
			},
			wanted: wantedCamera(flags, profile, others),
			lastAddress: profile?.lastAddress ?? null,
			job: {
				port: flags.cameraPort,
				...computer,
				os: flags.os ?? profile?.os ?? 'auto',
				unlock: flags.unlock ?? profile?.unlock ?? 'auto',
			},
		}),
	);
	// Without a command a hold waits for its camera as long as it takes.
	return { discovery, cameras, profiles, named, others, limitMs: limitMs(flags.timeout, command.length === 0), command };
}

/** Warns about cameras that were last used on another network: one responder serves all cameras, on one network. */
function warnOfOtherNetworks(
	profiles: readonly (Profile | undefined)[],
	network: NetworkInterface,
	flags: Pick<HoldCall['flags'], 'interface' | 'address' | 'bindAll'>,
	{ networks, emit }: Pick<Context, 'networks' | 'emit'>,
): void {
	if (profiles.length < 2 || flags.interface !== undefined || flags.address !== undefined || flags.bindAll === true) return;
	const all = networks.list();
	for (const profile of profiles) {
		if (profile?.interface == null || !isUp(all, profile.interface)) continue;
		const choice = chooseNetwork(all, wantedNetwork({}, [profile]));
		if ('ask' in choice || choice.chosen.address === network.address || sameSubnet(network, choice.chosen.address)) continue;
		const { name, address } = choice.chosen;
		const used = { interface: network.name, address: network.address };
		emit(warning('otherNetwork', { profile: profile.id, last: { interface: name, address }, used }));
	}
}
