/**
 * Devices that search from outside the announced network. They are not answered, but the camera may be among them: because of a
 * wrong subnet mask, or in another of this computer's networks.
 */

import { printable } from '#base/text.ts';
import { nameSuffices } from '#network/rules/choosing-network.ts';
import { ipv4, mayBeNeighbour, type NetworkInterface, sameSubnet } from '#network/rules/networks.ts';
import { ROOT_DEVICE } from '#protocol/ssdp/message.ts';

/** Maximum number of addresses remembered. Beyond that one with the fewest searches is forgotten, the one silent longest first. */
export const OUTSIDERS_KEPT = 64;
/** Number of addresses named in a message. */
const NAMED = 3;

/** Counts searches from outside by address, in bounded memory. */
export class Outsiders {
	/** Number of searches by address, in order of the last search. */
	readonly #searches = new Map<string, number>();

	/** Counts a search, if its target is the cameras' and its sender can be a host. */
	searched(from: string, target: string, network: NetworkInterface): void {
		if (target !== ROOT_DEVICE || !mayBeHost(from) || sameSubnet(network, from)) return;
		const before = this.#searches.get(from) ?? 0;
		this.#searches.delete(from);
		if (this.#searches.size >= OUTSIDERS_KEPT) this.#forgetOne();
		this.#searches.set(from, before + 1);
	}

	/** Their addresses, the one with the most searches first. */
	get addresses(): readonly string[] {
		return [...this.#searches].sort(([, one], [, other]) => other - one).map(([address]) => address);
	}

	/** Forgets all. */
	clear(): void {
		this.#searches.clear();
	}

	#forgetOne(): void {
		const least = Math.min(...this.#searches.values());
		const [oldest] = [...this.#searches].find(([, searches]) => searches === least) ?? [];
		if (oldest !== undefined) this.#searches.delete(oldest);
	}
}

function mayBeHost(address: string): boolean {
	const first = Math.floor((ipv4(address) ?? 0) / 2 ** 24);
	return first > 0 && first !== 127 && first < 224;
}

/**
 * Builds the sentence about devices outside `announced`, and what makes them reachable.
 * @param addresses at least one, the likeliest first
 * @param networks all networks of this computer
 */
export function outsideWords(addresses: readonly string[], announced: NetworkInterface, networks: readonly NetworkInterface[]): string {
	const [first = ''] = addresses;
	const named = addresses.slice(0, NAMED).join(', ');
	const who = addresses.length > NAMED ? `${named} and ${addresses.length - NAMED} more` : named;
	const verb = addresses.length === 1 ? 'searches for a computer, but is' : 'search for a computer, but are';
	const where = `${printable(announced.name)} (${announced.address}/${announced.prefix})`;
	const pronoun = addresses.length === 1 ? 'that' : 'one of them';
	return `${who} ${verb} outside the network of ${where} and therefore not answered. If ${pronoun} is the camera: ${cure(first, announced, networks)}`;
}

/** What to do so that a camera at `address` is answered, as part of a sentence. */
function cure(address: string, announced: NetworkInterface, networks: readonly NetworkInterface[]): string {
	const on = printable(announced.name);
	const theirs = networks.find((network) => network.kind !== 'loopback' && mayBeNeighbour(network, address));
	if (theirs !== undefined) {
		const byName = theirs.name !== announced.name && nameSuffices(networks, theirs);
		return `choose its network with ${byName ? `--interface ${printable(theirs.name)}` : `--address ${theirs.address}`}.`;
	}
	if (address.startsWith('169.254.'))
		return `it got no address from the router and made one up. Connect it to the Wi-Fi again, or give ${on} an address like 169.254.0.1/16 too and choose that with --address.`;
	if (announced.prefix >= 31) {
		const real = `give ${on} the subnet mask of its network`;
		return announced.onLink === undefined
			? `${real} (this system does not show whether a route leads to the camera), or choose another address with --address.`
			: `${real}, or a route to the camera (\`ip route add ${address} dev ${on}\`), or choose another address with --address.`;
	}
	return `correct the subnet mask of ${on} or of the camera, or give ${on} an address in the camera's network and choose that with --address.`;
}
