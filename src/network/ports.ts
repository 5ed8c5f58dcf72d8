/** What others need of this computer's networks. */
import type { NetworkInterface } from './rules/networks.ts';

export interface Networks {
	/** The IPv4 interfaces that are up now. */
	list(): NetworkInterface[];
	/** The MAC of a neighbour that has talked, lower case with colons, or nothing. Never sends a packet. */
	macOf(address: string): Promise<string | undefined>;
	/** The routers in use, as far as their MACs are known. */
	routers?(): Promise<readonly RouterSeen[]>;
}

/** A router: whoever shows its MAC at another address is behind it. */
export interface RouterSeen {
	address: string;
	mac: string;
}
