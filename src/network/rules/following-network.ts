/**
 * A program that waits for a camera for long outlives its network: an adapter gets another name or address, or goes and another
 * one comes. It then uses what a fresh start would choose, and goes back when the network that it began with is there again.
 */

import { printable } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { type Warning, warning } from '#contract/warnings.ts';
import { chooseNetwork, decidingFlag, isUp, type NetworkChoice, settled, type WantedNetwork } from './choosing-network.ts';
import type { NetworkInterface } from './networks.ts';
import { sameSubnet } from './networks.ts';

/** The network to use now, or that there is none; then those that a person could choose instead. */
export type Following = { network: NetworkInterface } | { instead: readonly NetworkInterface[] };

/** What a network is followed by. */
export interface Followed {
	/** The network that was announced last. */
	current: NetworkInterface;
	/** The network that the program began with. */
	home: NetworkInterface;
	/** How that was chosen. What was given by hand is waited for, whatever else there is. */
	wanted: WantedNetwork;
}

/** The network to use. `all`: the interfaces that are up now. */
export function followNetwork(all: readonly NetworkInterface[], { current, home, wanted }: Followed): Following {
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

/** A bridge of virtual machines is no stand-in for a radio that is away for a moment. */
function isExpected({ kind }: NetworkInterface): boolean {
	return kind === 'wifi' || kind === 'cable' || kind === 'unknown';
}

/** What would be used if nothing had been given by hand. */
function withoutHand(all: readonly NetworkInterface[], wanted: WantedNetwork): readonly NetworkInterface[] {
	const choice = attempt(all, { ...wanted, interface: undefined, address: undefined });
	if (choice === undefined) return [];
	return 'ask' in choice ? choice.likely : [choice.chosen];
}

/** The choice of a fresh start, or nothing where that fails. */
function attempt(all: readonly NetworkInterface[], wanted: WantedNetwork): NetworkChoice | undefined {
	try {
		return chooseNetwork(all, wanted);
	} catch (error) {
		if (error instanceof CanonWifiError) return undefined;
		throw error;
	}
}

/** Another network, or another address, is announced now. */
export function networkMoved(from: NetworkInterface, to: NetworkInterface): Warning {
	if (from.name === to.name) return warning('addressChanged', { interface: to.name, from: from.address, to: to.address });
	return warning('networkChanged', { from: placeOf(from), to: placeOf(to) });
}

const placeOf = ({ name, address }: NetworkInterface) => ({ interface: name, address });

/** The network is gone, and none takes its place. `instead`: those that a person could choose. */
export function networkLost({ current, wanted }: Followed, instead: readonly NetworkInterface[]): Warning<'networkLost'> {
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
