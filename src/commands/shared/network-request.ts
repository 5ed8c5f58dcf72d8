/**
 * How this computer will answer cameras: name, network, ports. All of it is decided here, by flags, saved cameras and at most
 * one question, before anything is opened.
 */
import { CanonWifiError } from '#contract/errors.ts';
import { type Identity, judgeName, nameFromHost } from '#contract/identity.ts';
import type { Profile } from '#contract/profile.ts';
import { warning } from '#contract/warnings.ts';
import type { DiscoveryRequest } from '#discovery/flow.ts';
import { chooseNetwork, decidingFlag, isUp, type NetworkChoice, type WantedNetwork } from '#network/rules/choosing-network.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Context } from './context.ts';
import { DESC_PATH, DESC_PORT, type NetworkFlags } from './flags.ts';
import { warnOfLegacyUuid } from './legacy-uuid.ts';
import { askNetwork } from './questions.ts';

/** Without a camera for this long, the likely cause is reported. */
export const HINT_AFTER_MS = 20_000;

/** What decides about the network by hand. `addressFlag`: what `address` is called on the command line. */
type NetworkChoiceFlags = Partial<Pick<NetworkFlags, 'interface' | 'address'>> & {
	addressFlag?: string | undefined;
	camera?: string | undefined;
};

/** This computer as the camera will see it. */
export interface ThisComputer {
	identity: Identity;
	/** Name on the camera's screen. */
	name: string;
}

/** Identity and name. `profile`: the most important camera, whose name for this computer is kept. Throws `badName`. */
export function resolveThisComputer(
	flags: Pick<NetworkFlags, 'name'>,
	profile: Profile | undefined,
	context: Pick<Context, 'identities' | 'hostname' | 'emit'>,
): ThisComputer {
	const identity = context.identities.load();
	return { identity, name: computerName(flags.name, [profile?.name, identity.name], context) };
}

/**
 * Everything that discovery needs. `profiles`: the most important one first; `serve`: this program serves the description.
 * Throws `missingAnswer`, `noNetwork`, `noInterface`, `notIpv4`, `notOurAddress`.
 */
export async function resolveNetworkRequest(
	flags: NetworkFlags & NetworkChoiceFlags,
	profiles: readonly (Profile | undefined)[],
	computer: ThisComputer,
	context: Pick<Context, 'networks' | 'emit' | 'prompt' | 'legacyUuidFile'>,
	serve = true,
): Promise<DiscoveryRequest> {
	const wanted = wantedNetwork(flags, profiles);
	const choice = networkFor(wanted, context);
	const network = 'ask' in choice && context.prompt !== undefined ? await askNetwork(choice.ask, context.prompt) : networkOrFail(choice);
	warnOfLegacyUuid(computer.identity, context);
	return discoveryRequest(flags, { network, wanted }, computer, serve);
}

/** The name for the camera's screen; throws `badName`, warns about one that may not fit. */
export function computerName(
	given: string | undefined,
	fallbacks: readonly (string | null | undefined)[],
	{ hostname, emit }: Pick<Context, 'hostname' | 'emit'>,
): string {
	const name = given ?? fallbacks.find((one) => one != null) ?? nameFromHost(hostname);
	const { refused, warning: doubt } = judgeName(name);
	if (refused !== undefined) throw new CanonWifiError('badName', { name, why: refused });
	if (doubt !== undefined) emit(warning('unusualName', { name, why: doubt }));
	return name;
}

/** What decides about the network: flags, then what is saved of the cameras, the most important one first. */
export function wantedNetwork(flags: NetworkChoiceFlags, profiles: readonly (Profile | undefined)[]): WantedNetwork {
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

/** The network to announce: as asked, the profile's if it is up, or the one that makes sense; or those among which to choose. */
export function networkFor(wanted: WantedNetwork, { networks, emit }: Pick<Context, 'networks' | 'emit'>): NetworkChoice {
	const up = networks.list();
	const choice = chooseNetwork(up, wanted);
	const [usual] = wanted.interface === undefined && wanted.address === undefined ? (wanted.usual ?? []) : [];
	if (usual !== undefined && !isUp(up, usual))
		emit(warning('otherNetwork', { usual, used: 'chosen' in choice ? choice.chosen.name : null }));
	return choice;
}

/** The network where nobody is asked. Throws `missingAnswer`. */
export function networkOrFail(choice: NetworkChoice): NetworkInterface {
	if (!('ask' in choice)) return choice.chosen;
	throw new CanonWifiError('missingAnswer', { what: 'which network the camera is on', flag: decidingFlag(choice.likely) });
}

/** The request itself. `wanted`: how the network was chosen. */
export function discoveryRequest(
	flags: Pick<NetworkFlags, 'ssdpPort' | 'descPort' | 'descPath' | 'maxAge' | 'bindAll'>,
	{ network, wanted }: { network: NetworkInterface; wanted: WantedNetwork },
	{ identity, name }: ThisComputer,
	serve = true,
): DiscoveryRequest {
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
		// On loopback every camera, a simulated one, has our own address.
		answerOwn: network.kind === 'loopback',
	};
}
