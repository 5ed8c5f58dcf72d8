/**
 * Who searches from outside the announced network. They are not answered, but a camera may be among them: behind a wrong
 * subnet mask, or in another of this computer's networks. Kept by address, in bounded memory.
 */

import { printable } from '#base/text.ts';
import { nameSuffices } from '#network/rules/choosing-network.ts';
import { ipv4, mayBeNeighbour, type NetworkInterface, sameSubnet } from '#network/rules/networks.ts';
import { ROOT_DEVICE } from '#protocol/ssdp/message.ts';

/** Addresses remembered at most; beyond that the one that searched least, and of these the one silent longest, is forgotten. */
export const OUTSIDERS_KEPT = 64;
/** Addresses named to a person. */
const NAMED = 3;

export class Outsiders {
	/** How often each has searched, in order of the last search. */
	readonly #searches = new Map<string, number>();

	/** Notes a search. Only those that look for what cameras look for count, and only senders that can be a host. */
	searched(from: string, target: string, network: NetworkInterface): void {
		if (target !== ROOT_DEVICE || !mayBeHost(from) || sameSubnet(network, from)) return;
		const before = this.#searches.get(from) ?? 0;
		this.#searches.delete(from);
		if (this.#searches.size >= OUTSIDERS_KEPT) this.#forgetOne();
		this.#searches.set(from, before + 1);
	}

	/** Their addresses, those that searched most first. */
	get addresses(): readonly string[] {
		return [...this.#searches].sort(([, one], [, other]) => other - one).map(([address]) => address);
	}

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
 * Who was heard from outside `announced`, and what makes them reachable; for people.
 * @param addresses at least one, the likeliest first
 * @param networks all that this computer has now
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

/** What to do so that a camera at `address` is answered. A sentence part. */
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
