/** Reads `nft list ruleset` and follows a packet through the chains for packets to this computer. */
import { ruleOf } from './nft-rule.ts';
import { type Chain, fate, type PacketFate, type Rule, type TestPacket } from './packet-filter.ts';

/** The fate of a packet in one base chain on the input hook. */
export interface ChainFate extends PacketFate {
	/** The chain as nft's commands name it: family, table, chain. */
	chain: string;
}

/** Returns what all rules together do with a packet. Every base chain on the input hook must let it through. */
export function nftFate(ruleset: string, probe: TestPacket): PacketFate {
	const fates = nftFates(ruleset, probe);
	const dropped = fates.filter(({ verdict }) => verdict === 'drop');
	if (dropped.length > 0) return { verdict: 'drop', sure: dropped.some(({ sure }) => sure) };
	return { verdict: 'accept', sure: fates.every(({ sure }) => sure) };
}

/** Returns the chains that block a packet: those that drop it, or if there are none, those that may. */
export function nftObstacles(ruleset: string, probe: TestPacket): string[] {
	const fates = nftFates(ruleset, probe);
	const dropping = fates.filter(({ verdict }) => verdict === 'drop');
	return (dropping.length > 0 ? dropping : fates.filter(({ sure }) => !sure)).map(({ chain }) => chain);
}

/** Returns the fate of a packet in each base chain on the input hook. */
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

/** Reads the tables that see IPv4 packets to this computer. Only chains on the input hook get a policy. */
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

/** Splits the ruleset into statements, and joins sets in braces that nft broke into several lines. */
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
