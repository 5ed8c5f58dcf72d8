/** Reads `iptables -S`, which prints the filter table as the commands that would create it. */
import { allOf, type Chain, fate, type PacketFate, type Rule, type TestPacket } from './packet-filter.ts';
import { anyOf, inAddresses, inPorts, isInterface } from './rule-words.ts';

type Test = (probe: TestPacket) => boolean | undefined;

/** Returns what the INPUT chain does with a packet. */
export function iptablesFate(listing: string, probe: TestPacket): PacketFate {
	const chains = new Map<string, { rules: Rule[]; policy?: 'accept' | 'drop' }>();
	for (const line of listing.split('\n')) {
		const words = line.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
		const [command, name = ''] = words;
		if (command === '-P') chains.set(name, { rules: [], policy: words[2] === 'ACCEPT' ? 'accept' : 'drop' });
		else if (command === '-N') chains.set(name, { rules: [] });
		else if (command === '-A') chains.get(name)?.rules.push(ruleOf(words.slice(2)));
	}
	const input: Chain = chains.get('INPUT') ?? { rules: [], policy: 'accept' };
	return fate(input, chains, probe);
}

function ruleOf(words: string[]): Rule {
	const tests: Test[] = [];
	let action: Rule['action'] = { do: 'nothing' };
	let negated = false;
	while (words.length > 0) {
		const word = words.shift() ?? '';
		if (word === '!') {
			negated = true;
			continue;
		}
		if (word === '-j' || word === '-g') {
			action = target(words.shift() ?? '', word === '-g');
			break; // the rest belongs to the target
		}
		const test = testOf(word, words);
		const turned = negated;
		negated = false;
		if (test === undefined) continue;
		tests.push((probe) => {
			const match = test(probe);
			return match === undefined ? undefined : match !== turned;
		});
	}
	return { matches: (probe) => allOf(tests.map((test) => test(probe))), action };
}

function target(name: string, goto: boolean): Rule['action'] {
	if (name === 'ACCEPT') return { do: 'accept' };
	if (name === 'DROP' || name === 'REJECT') return { do: 'drop' };
	if (name === 'RETURN') return { do: 'return' };
	// Targets of extensions that let the packet go on.
	if (['LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'CLASSIFY', 'TRACE', 'AUDIT', 'SET'].includes(name)) return { do: 'nothing' };
	return { do: goto ? 'goto' : 'jump', chain: name };
}

function testOf(word: string, rest: string[]): Test | undefined {
	const value = (): string => (rest.shift() ?? '').replace(/^"|"$/g, '');
	switch (word) {
		case '-p': {
			const protocol = value();
			return (probe) => protocol === 'all' || protocol === probe.protocol;
		}
		case '-i': {
			const name = value();
			return (probe) => isInterface(probe.interface, name);
		}
		case '-s': {
			const from = value();
			return (probe) => inAddresses(probe.from, from);
		}
		case '-d': {
			const to = value();
			return (probe) => inAddresses(probe.to, to);
		}
		case '--dport':
		case '--dports':
		case '--ports': {
			const ports = value().split(',');
			return (probe) => anyOf(ports.map((one) => inPorts(probe.port, one)));
		}
		case '--ctstate':
		case '--state': {
			const states = value().split(',');
			return () => states.includes('NEW');
		}
		case '--dst-type': {
			const types = value().split(',');
			return ({ to }) => types.includes(/^2(?:2[4-9]|3\d)\./.test(to) ? 'MULTICAST' : 'LOCAL');
		}
		case '--pkt-type': {
			const type = value();
			return ({ to }) => type === (/^2(?:2[4-9]|3\d)\./.test(to) ? 'multicast' : 'unicast');
		}
		case '-m': {
			// These names alone test nothing. `limit` lets the first packets through.
			const known = ['udp', 'tcp', 'conntrack', 'state', 'comment', 'multiport', 'addrtype', 'pkttype', 'limit', 'hashlimit'];
			return known.includes(value()) ? undefined : () => undefined;
		}
		case '--comment':
		case '--limit':
		case '--limit-burst':
			rest.shift();
			return undefined;
		default:
			return () => undefined;
	}
}
