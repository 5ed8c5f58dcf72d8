/** What a list of filter rules does with a packet. The same for nftables and iptables, which differ in how rules are written. */

/** The packet that is asked about: the first one of a stranger, as a camera sends it. */
export interface TestPacket {
	protocol: 'udp' | 'tcp';
	port: number;
	/** Interface it comes in by. */
	interface: string;
	from: string;
	to: string;
}

export interface Rule {
	/** `undefined`: it looks at something that is not understood here. */
	matches(probe: TestPacket): boolean | undefined;
	action:
		| { do: 'accept' }
		| { do: 'drop' }
		| { do: 'return' }
		| { do: 'nothing' }
		| { do: 'jump'; chain: string }
		| { do: 'goto'; chain: string };
}

export interface Chain {
	rules: readonly Rule[];
	/** Only of chains that packets enter by themselves. */
	policy?: 'accept' | 'drop';
}

export interface PacketFate {
	verdict: 'accept' | 'drop';
	/** No rule on the way was in doubt. */
	sure: boolean;
}

/** Follows a packet through a base chain. Rules in doubt are passed over, and make the answer unsure. */
export function fate(chain: Chain, chains: ReadonlyMap<string, Chain>, probe: TestPacket): PacketFate {
	const doubts = { sure: true };
	const verdict = walk(chain, chains, probe, doubts, 0) ?? chain.policy ?? 'accept';
	return { verdict, sure: doubts.sure };
}

/** Deeper than any firewall nests its chains; ends circles. */
const DEEPEST = 32;

function walk(
	chain: Chain,
	chains: ReadonlyMap<string, Chain>,
	probe: TestPacket,
	doubts: { sure: boolean },
	depth: number,
): 'accept' | 'drop' | undefined {
	if (depth > DEEPEST) return undefined;
	for (const { matches, action } of chain.rules) {
		const match = matches(probe);
		if (match === false || action.do === 'nothing') continue;
		if (match === undefined) {
			doubts.sure = false;
			continue;
		}
		if (action.do === 'return') return undefined;
		if (action.do === 'accept' || action.do === 'drop') return action.do;
		const next = chains.get(action.chain);
		if (next === undefined) {
			doubts.sure = false;
			continue;
		}
		const verdict = walk(next, chains, probe, doubts, depth + 1);
		if (verdict !== undefined || action.do === 'goto') return verdict;
	}
	return undefined;
}

/** All must hold; one that does not decides even if another is in doubt. */
export function allOf(tests: readonly (boolean | undefined)[]): boolean | undefined {
	if (tests.includes(false)) return false;
	return tests.includes(undefined) ? undefined : true;
}
