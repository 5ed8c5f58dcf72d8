/** Follows a packet through filter rules. Works for nftables and iptables, which only differ in how rules are written. */

/** The packet to judge: the first packet of an unknown host, as a camera sends it. */
export interface TestPacket {
	protocol: 'udp' | 'tcp';
	port: number;
	/** Interface on which it arrives. */
	interface: string;
	from: string;
	to: string;
}

/** One filter rule. */
export interface Rule {
	/** Whether the rule applies; `undefined`: it tests something that is not understood here. */
	matches(probe: TestPacket): boolean | undefined;
	action:
		| { do: 'accept' }
		| { do: 'drop' }
		| { do: 'return' }
		| { do: 'nothing' }
		| { do: 'jump'; chain: string }
		| { do: 'goto'; chain: string };
}

/** A list of rules. */
export interface Chain {
	rules: readonly Rule[];
	/** Only base chains, which packets enter directly, have a policy. */
	policy?: 'accept' | 'drop' | undefined;
}

/** What the rules do with a packet. */
export interface PacketFate {
	verdict: 'accept' | 'drop';
	/** Every rule on the way was understood. */
	sure: boolean;
}

/** Follows a packet through a base chain. Uncertain rules are skipped and make the result unsure. */
export function fate(chain: Chain, chains: ReadonlyMap<string, Chain>, probe: TestPacket): PacketFate {
	const doubts = { sure: true };
	const verdict = walk(chain, chains, probe, doubts, 0) ?? chain.policy ?? 'accept';
	return { verdict, sure: doubts.sure };
}

/** Chains nested deeper than this are not followed. No firewall does that, and it ends loops. */
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

/** Combines tests that must all hold. One that fails decides, even if another is uncertain. */
export function allOf(tests: readonly (boolean | undefined)[]): boolean | undefined {
	if (tests.includes(false)) return false;
	return tests.includes(undefined) ? undefined : true;
}
