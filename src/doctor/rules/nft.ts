/** Reads `nft list ruleset`: the chains that packets to this computer go through, and what becomes of one. */
import { ruleOf } from './nft-rule.ts';
import { type Chain, fate, type PacketFate, type Rule, type TestPacket } from './packet-filter.ts';

/** What one base chain on the input hook does with a packet. */
export interface ChainFate extends PacketFate {
	/** As nft's commands name it: family, table, chain. */
	chain: string;
}

/** What the rules do with a packet: every base chain on the input hook must let it through. */
export function nftFate(ruleset: string, probe: TestPacket): PacketFate {
	const fates = nftFates(ruleset, probe);
	const dropped = fates.filter(({ verdict }) => verdict === 'drop');
	if (dropped.length > 0) return { verdict: 'drop', sure: dropped.some(({ sure }) => sure) };
	return { verdict: 'accept', sure: fates.every(({ sure }) => sure) };
}

/** The chains that stand in a packet's way: those that drop it, or else those of which it cannot be told. */
export function nftObstacles(ruleset: string, probe: TestPacket): string[] {
	const fates = nftFates(ruleset, probe);
	const dropping = fates.filter(({ verdict }) => verdict === 'drop');
	return (dropping.length > 0 ? dropping : fates.filter(({ sure }) => !sure)).map(({ chain }) => chain);
}

/** What becomes of a packet in each base chain on the input hook; empty where there is none. */
export function nftFates(ruleset: string, probe: TestPacket): ChainFate[] {
	return tablesOf(ruleset).flatMap(({ table, chains }) =>
		[...chains]
			.filter(([, { policy }]) => policy !== undefined)
			.map(([name, chain]) => ({ chain: `${table} ${name}`, ...fate(chain, chains, probe) })),
	);
}

interface Table {
	/** Family and name. */
	table: string;
	chains: Map<string, Chain>;
}

/** The tables whose chains can see an IPv4 packet to this computer; chains on the input hook have a policy. */
function tablesOf(ruleset: string): Table[] {
	const tables: Table[] = [];
	const blocks: ('table' | 'chain' | 'other')[] = [];
	let chain: { name: string; rules: Rule[] } | undefined;
	for (const line of statements(ruleset)) {
		const table = /^table (\S+) (\S+) \{/.exec(line);
		const opened = /^chain (\S+) \{/.exec(line);
		if (table) {
			blocks.push(['ip', 'inet'].includes(table[1] ?? '') ? 'table' : 'other');
			if (blocks.at(-1) === 'table') tables.push({ table: `${table[1]} ${table[2]}`, chains: new Map() });
		} else if (opened && blocks.at(-1) === 'table') {
			blocks.push('chain');
			chain = { name: opened[1] ?? '', rules: [] };
			tables.at(-1)?.chains.set(chain.name, { rules: chain.rules });
		} else if (line.endsWith('{')) blocks.push('other');
		else if (line === '}') blocks.pop();
		else if (blocks.at(-1) === 'chain' && chain) {
			const base = /^type \S+ hook (\S+)/.exec(line);
			if (!base) chain.rules.push(ruleOf(line));
			else if (base[1] === 'input' && line.startsWith('type filter'))
				tables.at(-1)?.chains.set(chain.name, { rules: chain.rules, policy: /policy drop/.test(line) ? 'drop' : 'accept' });
		}
	}
	return tables;
}

/** One statement a line: sets in braces that nft broke into several lines are joined. */
function statements(ruleset: string): string[] {
	const joined: string[] = [];
	let open = '';
	for (const raw of ruleset.split('\n')) {
		const line = `${open}${raw.trim()}`;
		const unbalanced = line.split('{').length > line.split('}').length;
		open = unbalanced && !line.endsWith('{') && line.length < 100_000 ? `${line} ` : '';
		if (open === '' && line !== '' && !line.startsWith('#')) joined.push(line);
	}
	return joined;
}
