/** Chooses the network of this computer on which the camera is expected. */

import { printable } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { mayBeNeighbour, type NetworkInterface, type NetworkKind, requireIpv4, sameSubnet } from './networks.ts';

/** What is known about the wanted network, from flags and from saved cameras. */
export interface WantedNetwork {
	/** Interface name. Case does not matter if no other name differs only by it. */
	interface?: string | undefined;
	/** One of this computer's IPv4 addresses. */
	address?: string | undefined;
	/** The flag that gave the address, for errors; `--address` if absent. */
	addressFlag?: string | undefined;
	/** Interfaces that profiles name, the most important first. The first that is up is used if neither name nor address is given. */
	usual?: readonly string[] | undefined;
	/** The camera's address, if a person gave it. */
	camera?: string | undefined;
	/** Last known addresses of cameras, the most important first. Among several networks, the one that contains such an address is chosen. */
	lastAddresses?: readonly string[] | undefined;
}

/**
 * The chosen network and the reason as part of a sentence; or the networks to choose from. `ask` has all possible ones for
 * a person to choose from, the likeliest first. `likely` has only the likely ones, to name where nobody can be asked.
 */
export type NetworkChoice =
	| { chosen: NetworkInterface; why: string }
	| { ask: readonly NetworkInterface[]; likely: readonly NetworkInterface[] };

/** Kinds of network that cameras are on, the likeliest first. Loopback is missing because it is only used on request. */
const LIKELY: readonly (readonly NetworkKind[])[] = [['wifi', 'cable'], ['unknown'], ['linkLocal'], ['virtual'], ['vpn']];

/** Names of the kinds for people. */
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
 * Chooses the network if only one makes sense, otherwise returns the candidates. Throws `notIpv4`, `notOurAddress`,
 * `noInterface`, `noNetwork`, and `usage` if name and address do not belong together.
 */
export function chooseNetwork(all: readonly NetworkInterface[], wanted: WantedNetwork = {}): NetworkChoice {
	if (wanted.address !== undefined) return { chosen: byAddress(all, wanted.address, wanted), why: 'its address was given' };
	const near = wanted.camera === undefined ? (wanted.lastAddresses ?? []) : [wanted.camera];
	if (wanted.interface !== undefined) return among(byName(all, wanted.interface), 'it was named', near);
	const networks = settled(all);
	const withCamera = wanted.camera === undefined ? [] : around(networks, wanted.camera).filter(({ kind }) => kind !== 'loopback');
	if (withCamera.length > 0) return among(withCamera, "the camera's address lies in it");
	const usual = wanted.usual?.find((name) => isUp(all, name));
	if (usual !== undefined) return among(byName(all, usual), 'the profile names it', near);
	const possible = LIKELY.flatMap((kinds) => networks.filter(({ kind }) => kinds.includes(kind)));
	const likeliest = LIKELY.map((kinds) => networks.filter(({ kind }) => kinds.includes(kind))).find((group) => group.length > 0);
	if (likeliest === undefined) throw new CanonWifiError('noNetwork', {});
	const others = [...new Set(possible.filter((network) => !likeliest.includes(network)).map(({ name }) => name))];
	const why = others.length === 0 ? 'it is the only network' : `cameras are not expected on ${listed(others)}`;
	const choice = among(likeliest, why, near);
	return 'ask' in choice ? { ...choice, ask: possible } : choice;
}

/** Whether there is an interface of this name with an IPv4 address. */
export function isUp(networks: readonly NetworkInterface[], name: string): boolean {
	return named(networks, name).length > 0;
}

/**
 * Chooses one of these networks if they are all the same one, or if one of them contains an address in `near`; otherwise
 * returns them to choose from. If an interface has several addresses in one network, the one with the largest subnet counts.
 */
function among(all: readonly NetworkInterface[], why: string, near: readonly string[] = []): NetworkChoice {
	const networks = all.filter((one) => !all.some((other) => holds(other, one)));
	const [first, ...more] = networks;
	if (first === undefined) throw new CanonWifiError('noNetwork', {});
	if (more.length === 0) return { chosen: first, why };
	// All of these lead into one network. The camera reaches each of them, and a cable loses fewer multicasts than a radio.
	if (more.every((network) => network.prefix === first.prefix && sameSubnet(first, network.address))) {
		const cable = networks.find(({ kind }) => kind === 'cable');
		const names = new Set(networks.map(({ name }) => name));
		if (names.size === 1) return { chosen: first, why };
		return {
			chosen: cable ?? first,
			why: `${listed([...names])} lead into the same network${cable ? ', and a cable is the safer way' : ''}`,
		};
	}
	for (const address of near) {
		const there = around(networks, address);
		if (there.length > 0) return among(there, 'the camera was in it the last time');
	}
	return { ask: networks, likely: networks };
}

/** Whether an address of an interface lies in the larger subnet of another address of the same interface. */
function holds(other: NetworkInterface, one: NetworkInterface): boolean {
	return baseName(other) === baseName(one) && other.prefix < one.prefix && sameSubnet(other, one.address);
}

/** Returns the networks that contain an address; of nested ones only the smallest. */
function around(networks: readonly NetworkInterface[], address: string): readonly NetworkInterface[] {
	const there = networks.filter((network) => sameSubnet(network, address) || mayBeNeighbour(network, address));
	return there.filter(({ prefix }) => there.every((other) => other.prefix <= prefix));
}

/** The interface of an alias: Linux names further addresses of `eth0` `eth0:1` or `eth0:avahi`. */
const baseName = ({ name }: NetworkInterface): string => name.replace(/:.*$/, '');

/** Removes self-assigned addresses of interfaces that have a real address from DHCP by now. */
export function settled(networks: readonly NetworkInterface[]): readonly NetworkInterface[] {
	const real = new Set(networks.filter(({ kind }) => kind !== 'linkLocal').map(baseName));
	return networks.filter((network) => network.kind !== 'linkLocal' || !real.has(baseName(network)));
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
	const found = named(networks, given);
	const known = [...new Set(networks.map(({ name }) => name))];
	if (found.length === 0) throw new CanonWifiError('noInterface', { given, known });
	return settled(found);
}

function named(networks: readonly NetworkInterface[], given: string): readonly NetworkInterface[] {
	const exactly = networks.filter(({ name }) => name === given);
	return exactly.length > 0 ? exactly : networks.filter(({ name }) => name.toLowerCase() === given.toLowerCase());
}

/** Whether `--interface NAME` alone makes `chooseNetwork` choose this network. */
export function nameSuffices(networks: readonly NetworkInterface[], { name, address }: NetworkInterface): boolean {
	if (!isUp(networks, name)) return true;
	const choice = chooseNetwork(networks, { interface: name });
	return 'chosen' in choice && choice.chosen.address === address;
}

/** Returns the flag that decides among these networks and its possible values, as part of a sentence. */
export function decidingFlag(networks: readonly NetworkInterface[]): string {
	const names = [...new Set(networks.map(({ name }) => printable(name)))];
	return names.length === networks.length && names.length > 1
		? `--interface NAME: ${names.join(' or ')}`
		: `--address IPV4: ${networks.map(({ address }) => address).join(' or ')}`;
}

function listed(names: readonly string[]): string {
	return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
