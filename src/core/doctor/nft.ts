/** Reads `nft list ruleset`: the chains that packets to this computer go through, and what becomes of one. */
import { ruleOf } from './nft-rule.ts';
import { type Chain, type Fate, fate, type Probe, type Rule } from './packet-filter.ts';

/** What the rules do with a packet: every base chain on the input hook must let it through. */
export function nftFate(ruleset: string, probe: Probe): Fate {
	const fates = tablesOf(ruleset).flatMap((chains) =>
		[...chains.values()].filter(({ policy }) => policy !== undefined).map((chain) => fate(chain, chains, probe)),
	);
	const dropped = fates.filter(({ verdict }) => verdict === 'drop');
	if (dropped.length > 0) return { verdict: 'drop', sure: dropped.some(({ sure }) => sure) };
	return { verdict: 'accept', sure: fates.every(({ sure }) => sure) };
}

/** The chains of each table that can see an IPv4 packet to this computer; those on the input hook have a policy. */
function tablesOf(ruleset: string): Map<string, Chain>[] {
	const tables: Map<string, Chain>[] = [];
	const blocks: ('table' | 'chain' | 'other')[] = [];
	let chain: { name: string; rules: Rule[] } | undefined;
	for (const line of statements(ruleset)) {
		const table = /^table (\S+) \S+ \{/.exec(line);
		const opened = /^chain (\S+) \{/.exec(line);
		if (table) {
			blocks.push(['ip', 'inet'].includes(table[1] ?? '') ? 'table' : 'other');
			if (blocks.at(-1) === 'table') tables.push(new Map());
		} else if (opened && blocks.at(-1) === 'table') {
			blocks.push('chain');
			chain = { name: opened[1] ?? '', rules: [] };
			tables.at(-1)?.set(chain.name, { rules: chain.rules });
		} else if (line.endsWith('{')) blocks.push('other');
		else if (line === '}') blocks.pop();
		else if (blocks.at(-1) === 'chain' && chain) {
			const base = /^type \S+ hook (\S+)/.exec(line);
			if (!base) chain.rules.push(ruleOf(line));
			else if (base[1] === 'input' && line.startsWith('type filter'))
				tables.at(-1)?.set(chain.name, { rules: chain.rules, policy: /policy drop/.test(line) ? 'drop' : 'accept' });
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
