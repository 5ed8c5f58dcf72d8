/** Which of this computer's networks the camera is expected on. */
import { CanonWifiError } from './errors.ts';
import { type NetworkInterface, type NetworkKind, requireIpv4, sameSubnet } from './networks.ts';
import { printable } from './text.ts';

/** What a person said about the network. */
export interface WantedNetwork {
	/** Interface name. Case does not matter if no other name differs only by it. */
	interface?: string | undefined;
	/** One of this computer's IPv4 addresses. */
	address?: string | undefined;
	/** What the address was given with, for errors; `--address` if absent. */
	addressFlag?: string | undefined;
}

/**
 * A network, with one short sentence why; or those among which somebody must choose: all that are possible for a
 * person, the likeliest first, and the likely ones alone to name where nobody is asked.
 */
export type NetworkChoice =
	| { chosen: NetworkInterface; why: string }
	| { ask: readonly NetworkInterface[]; likely: readonly NetworkInterface[] };

/** Where cameras are, the likeliest first. Loopback is none of these: it is only used when asked for. */
const LIKELY: readonly (readonly NetworkKind[])[] = [['wifi', 'cable'], ['unknown'], ['linkLocal'], ['virtual'], ['vpn']];

/** Kinds in people's words. */
export const KIND_WORDS: Readonly<Record<NetworkKind, string>> = {
	wifi: 'Wi-Fi',
	cable: 'cable',
	vpn: 'VPN',
	virtual: 'virtual network',
	linkLocal: 'self-assigned address',
	loopback: 'this computer only',
	unknown: 'network',
};

/**
 * Chooses alone when only one network makes sense.
 * Throws `notIpv4`, `notOurAddress`, `noInterface`, `noNetwork`, and `usage` when name and address do not belong together.
 */
export function chooseNetwork(networks: readonly NetworkInterface[], wanted: WantedNetwork = {}): NetworkChoice {
	if (wanted.address !== undefined) return { chosen: byAddress(networks, wanted.address, wanted), why: 'its address was given' };
	if (wanted.interface !== undefined) return among(byName(networks, wanted.interface), 'it was named');
	const possible = LIKELY.flatMap((kinds) => networks.filter(({ kind }) => kinds.includes(kind)));
	const likeliest = LIKELY.map((kinds) => networks.filter(({ kind }) => kinds.includes(kind))).find((group) => group.length > 0);
	if (likeliest === undefined) throw new CanonWifiError('noNetwork', {});
	const others = [...new Set(possible.filter((network) => !likeliest.includes(network)).map(({ name }) => name))];
	const choice = among(likeliest, others.length === 0 ? 'it is the only network' : `cameras are not expected on ${listed(others)}`);
	return 'ask' in choice ? { ...choice, ask: possible } : choice;
}

function among(networks: readonly NetworkInterface[], why: string): NetworkChoice {
	const [first, ...more] = networks;
	if (first === undefined) throw new CanonWifiError('noNetwork', {});
	if (more.length === 0) return { chosen: first, why };
	// Ways into one and the same network: the camera reaches each, and a cable loses fewer multicasts than a radio.
	if (more.every((network) => network.prefix === first.prefix && sameSubnet(first, network.address))) {
		const cable = networks.find(({ kind }) => kind === 'cable');
		const names = new Set(networks.map(({ name }) => name));
		if (names.size === 1) return { chosen: first, why };
		return {
			chosen: cable ?? first,
			why: `${listed([...names])} lead into the same network${cable ? ', and a cable is the safer way' : ''}`,
		};
	}
	return { ask: networks, likely: networks };
}

function byAddress(networks: readonly NetworkInterface[], given: string, wanted: WantedNetwork): NetworkInterface {
	const address = requireIpv4(given, wanted.addressFlag ?? '--address');
	const having = networks.filter((network) => network.address === address);
	if (wanted.interface !== undefined) {
		const named = byName(networks, wanted.interface).map(({ name }) => name);
		const agreed = having.find(({ name }) => named.includes(name));
		if (agreed) return agreed;
		if (having[0])
			throw new CanonWifiError('usage', {
				problem: `The address ${address} belongs to ${having[0].name}, not to ${named[0]}.`,
				next: `Give only one of --interface and ${wanted.addressFlag ?? '--address'}, or two that belong together.`,
			});
	}
	if (having[0]) return having[0];
	const ours = networks.filter(({ kind }) => kind !== 'loopback').map((network) => network.address);
	throw new CanonWifiError('notOurAddress', { given: address, ours });
}

function byName(networks: readonly NetworkInterface[], given: string): readonly NetworkInterface[] {
	const exactly = networks.filter(({ name }) => name === given);
	const nearly = networks.filter(({ name }) => name.toLowerCase() === given.toLowerCase());
	const found = exactly.length > 0 ? exactly : nearly;
	const known = [...new Set(networks.map(({ name }) => name))];
	if (found.length === 0) throw new CanonWifiError('noInterface', { given, known });
	// An interface that has a real address uses it, not the one it made up before DHCP answered.
	const settled = found.filter(({ kind }) => kind !== 'linkLocal');
	return settled.length > 0 ? settled : found;
}

/** The flag that decides among these, and what can be given with it, for a sentence. */
export function decidingFlag(networks: readonly NetworkInterface[]): string {
	const names = [...new Set(networks.map(({ name }) => printable(name)))];
	return names.length > 1
		? `--interface NAME: ${names.join(' or ')}`
		: `--address IPV4: ${networks.map(({ address }) => address).join(' or ')}`;
}

function listed(names: readonly string[]): string {
	return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
