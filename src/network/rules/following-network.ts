/**
 * A program that waits long for a camera may outlive its network: an adapter gets another name or address, or is replaced
 * by another one. The program then uses the network that a fresh start would choose, and returns to its first network when
 * that is available again.
 */

import { printable } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { type Warning, warning } from '#contract/warnings.ts';
import { chooseNetwork, decidingFlag, isUp, type NetworkChoice, settled, type WantedNetwork } from './choosing-network.ts';
import type { NetworkInterface } from './networks.ts';
import { sameSubnet } from './networks.ts';

/** The network to use now; or, if there is none, the networks that a person could choose instead. */
export type NetworkDecision = { network: NetworkInterface } | { instead: readonly NetworkInterface[] };

/** What is known about the network that is followed. */
export interface FollowedNetwork {
	/** The network in use until now. */
	current: NetworkInterface;
	/** The network that the program started with. */
	home: NetworkInterface;
	/** How it was chosen. If a person named it, the program waits for it, whatever else is available. */
	wanted: WantedNetwork;
}

/** Decides which network to use. `all` are the interfaces that are up now. */
export function followNetwork(all: readonly NetworkInterface[], { current, home, wanted }: FollowedNetwork): NetworkDecision {
	const networks = settled(all);
	const here = networks.find(({ name, address }) => name === current.name && address === current.address);
	const known = { ...wanted, lastAddresses: [...(wanted.lastAddresses ?? []), home.address] };
	if (wanted.address !== undefined) {
		const having = all.filter(({ name, address }) => address === wanted.address && (wanted.interface === undefined || name === home.name));
		const network = having.find(({ name }) => name === current.name) ?? having[0];
		return network === undefined ? { instead: withoutHand(all, known) } : { network };
	}
	if (wanted.interface !== undefined) {
		if (here !== undefined) return { network: here };
		const choice = attempt(all, known);
		if (choice !== undefined && 'chosen' in choice) return { network: choice.chosen };
		return { instead: choice?.likely ?? withoutHand(all, known) };
	}
	const usual = [...(wanted.usual ?? []), home.name];
	const choice = attempt(all, { ...known, usual });
	const chosen = choice !== undefined && 'chosen' in choice ? choice.chosen : undefined;
	const withCamera = chosen !== undefined && wanted.camera !== undefined && sameSubnet(chosen, wanted.camera);
	if (chosen !== undefined && (withCamera || usual.some((name) => isUp(all, name))))
		return { network: here !== undefined && here.name === chosen.name && sameSubnet(here, chosen.address) ? here : chosen };
	if (here !== undefined) return { network: here };
	const renamed = networks.find(({ address }) => address === current.address) ?? networks.find(({ address }) => address === home.address);
	if (renamed !== undefined) return { network: renamed };
	if (chosen !== undefined && (isExpected(chosen) || chosen.kind === home.kind)) return { network: chosen };
	return { instead: choice === undefined ? [] : 'ask' in choice ? choice.likely : [choice.chosen] };
}

/** Whether a network may replace another one. A bridge of virtual machines must not replace a radio that is off for a moment. */
function isExpected({ kind }: NetworkInterface): boolean {
	return kind === 'wifi' || kind === 'cable' || kind === 'unknown';
}

/** Returns the networks that would be used if no flag had named one. */
function withoutHand(all: readonly NetworkInterface[], wanted: WantedNetwork): readonly NetworkInterface[] {
	const choice = attempt(all, { ...wanted, interface: undefined, address: undefined });
	if (choice === undefined) return [];
	return 'ask' in choice ? choice.likely : [choice.chosen];
}

/** Returns the choice of a fresh start, or `undefined` if that fails. */
function attempt(all: readonly NetworkInterface[], wanted: WantedNetwork): NetworkChoice | undefined {
	try {
		return chooseNetwork(all, wanted);
	} catch (error) {
		if (error instanceof CanonWifiError) return undefined;
		throw error;
	}
}

/** Warns that another network, or another address, is in use now. */
export function networkMoved(from: NetworkInterface, to: NetworkInterface): Warning {
	if (from.name === to.name) return warning('addressChanged', { interface: to.name, from: from.address, to: to.address });
	return warning('networkChanged', { from: placeOf(from), to: placeOf(to) });
}

const placeOf = ({ name, address }: NetworkInterface) => ({ interface: name, address });

/** Warns that the network is gone and nothing replaces it. `instead`: networks that a person could choose. */
export function networkLost({ current, wanted }: FollowedNetwork, instead: readonly NetworkInterface[]): Warning<'networkLost'> {
	const flag = wanted.address !== undefined ? (wanted.addressFlag ?? '--address') : wanted.interface !== undefined ? '--interface' : null;
	return warning('networkLost', { ...placeOf(current), flag, instead: flagsFor(instead, current) });
}

/** How a new start would choose one of these. */
function flagsFor(instead: readonly NetworkInterface[], current: NetworkInterface): string | null {
	const [other, ...more] = instead;
	if (other === undefined) return null;
	if (more.length > 0) return decidingFlag(instead);
	const flag = other.name === current.name ? `--address ${other.address}` : `--interface ${printable(other.name)}`;
	return `${flag} to use ${printable(other.name)}, ${other.address}`;
}
