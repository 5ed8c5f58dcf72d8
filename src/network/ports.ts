/** What other rooms need from this computer's networks. */
import type { NetworkInterface } from './rules/networks.ts';

/** This computer's networks. */
export interface Networks {
	/** Lists the IPv4 interfaces that are up now. */
	list(): NetworkInterface[];
	/** Resolves to the MAC of a neighbour that has sent packets, in lower case with colons, or to `undefined`. Never sends a packet. */
	macOf(address: string): Promise<string | undefined>;
	/** Resolves to the routers in use whose MACs are known. */
	routers?(): Promise<readonly RouterSeen[]>;
}

/** A router. A device that shows the router's MAC at another address is behind it. */
export interface RouterSeen {
	address: string;
	mac: string;
}
