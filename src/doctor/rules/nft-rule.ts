/** Reads one rule as nft writes it: matches from left to right, then the verdict. */
import { ipv4 } from '#network/rules/networks.ts';
import { allOf, type Rule, type TestPacket } from './packet-filter.ts';
import { anyOf, inAddresses, inPorts, isInterface } from './rule-words.ts';

type Test = (probe: TestPacket) => boolean | undefined;
const NOTHING: Rule['action'] = { do: 'nothing' };
const doubt: Test = () => undefined;
const never: Test = () => false;

/** Reads one rule. A part that is not understood makes the rule uncertain. */
export function ruleOf(line: string): Rule {
	const words = wordsOf(line);
	const tests: Test[] = [];
	let action: Rule['action'] | undefined;
	while (words.length > 0 && action === undefined) {
		const word = words.shift() ?? '';
		action = verdict(word, words);
		if (action !== undefined) break;
		if (word === 'ct' && words[0] === 'state' && words[1] === 'vmap') {
			action = verdictOfMap(words[2] ?? '', 'new');
			break;
		}
		const test = readTest(word, words);
		if (test !== undefined) tests.push(test);
	}
	return { matches: (probe) => allOf(tests.map((test) => test(probe))), action: action ?? NOTHING };
}

function verdict(word: string, rest: string[]): Rule['action'] | undefined {
	if (word === 'accept' || word === 'return') return { do: word };
	if (word === 'drop' || word === 'reject') return { do: 'drop' };
	if (word === 'jump' || word === 'goto') return { do: word, chain: rest.shift() ?? '' };
	return undefined;
}

/** Returns the verdict for one key of a map such as `{ established : accept, new : jump x }`. */
function verdictOfMap(map: string, key: string): Rule['action'] {
	for (const entry of elements(map)) {
		const [name = '', done = ''] = entry.split(/ : /);
		if (name.trim() !== key) continue;
		const [word = '', ...rest] = done.trim().split(/\s+/);
		return verdict(word, rest) ?? NOTHING;
	}
	return NOTHING;
}

/** Reads the test that begins with `word` and takes its other words from `rest`. Returns `undefined` for words that test nothing (`counter`, `log`). */
function readTest(word: string, rest: string[]): Test | undefined {
	switch (word) {
		case 'meta':
			return readTest(rest.shift() ?? '', rest);
		case 'iifname':
		case 'iif':
			return compare(rest, (probe, value) => isInterface(probe.interface, value));
		case 'ip': {
			const field = rest.shift();
			if (field === 'saddr') return compare(rest, ({ from }, value) => inAddresses(from, value));
			if (field === 'daddr') return compare(rest, ({ to }, value) => inAddresses(to, value));
			if (field === 'protocol') return compare(rest, ({ protocol }, value) => protocol === value);
			return doubtful(rest);
		}
		case 'l4proto':
			return compare(rest, ({ protocol }, value) => protocol === value);
		case 'nfproto':
			return compare(rest, (_, value) => value === 'ipv4');
		case 'pkttype':
			return compare(
				rest,
				({ to }, value) => value === (isMulticast(to) ? 'multicast' : 'host') || (value === 'unicast' && !isMulticast(to)),
			);
		case 'udp':
		case 'tcp':
		case 'th': {
			const field = rest.shift();
			const port = field === 'dport' ? compare(rest, (probe, value) => inPorts(probe.port, value)) : doubtful(rest);
			return (probe) => (word === 'th' || probe.protocol === word ? port(probe) : false);
		}
		case 'ct':
			return rest.shift() === 'state' ? compare(rest, (_, value) => value === 'new') : doubtful(rest);
		case 'fib':
			return fib(rest);
		case 'ip6':
		case 'icmp':
		case 'icmpv6':
		case 'igmp':
		case 'arp':
			rest.splice(0, untilVerdict(rest));
			return never;
		case 'counter':
			if (rest[0] === 'packets') rest.splice(0, 4);
			return undefined;
		case 'log':
		case 'limit': // lets the first packets through
			rest.splice(0, untilVerdict(rest));
			return undefined;
		case 'comment':
			rest.shift();
			return undefined;
		default:
			return doubt;
	}
}

/** Reads `fib daddr type local` or `fib daddr . iif type != { local, multicast }`, which test the kind of the destination address. */
function fib(rest: string[]): Test {
	const at = rest.indexOf('type');
	if (rest[0] !== 'daddr' || at < 0 || at > 3) return doubtful(rest);
	rest.splice(0, at + 1);
	return compare(rest, ({ to }, value) => value === (isMulticast(to) ? 'multicast' : 'local'));
}

/** Reads `VALUE`, `!= VALUE`, `{ VALUE, VALUE }` or `VALUE,VALUE`. A named set (`@name`) is not looked up. */
function compare(rest: string[], holds: (probe: TestPacket, value: string) => boolean | undefined): Test {
	const negated = rest[0] === '!=';
	if (negated || rest[0] === '==') rest.shift();
	const written = rest.shift() ?? '';
	if (written.startsWith('@')) return doubt;
	const values = elements(written);
	return (probe) => {
		const match = anyOf(values.map((value) => holds(probe, value)));
		return match === undefined ? undefined : match !== negated;
	};
}

function doubtful(rest: string[]): Test {
	rest.splice(0, untilVerdict(rest));
	return doubt;
}

function untilVerdict(rest: readonly string[]): number {
	const at = rest.findIndex((word) => ['accept', 'drop', 'reject', 'return', 'jump', 'goto', 'counter'].includes(word));
	return at < 0 ? rest.length : at;
}

function elements(written: string): string[] {
	return written
		.replace(/^\{|\}$/g, '')
		.split(',')
		.map((value) => value.trim().replace(/^"|"$/g, ''))
		.filter((value) => value !== '');
}

/** Splits a rule into words. A quoted text or a set in braces is one word. */
function wordsOf(line: string): string[] {
	return line.match(/"[^"]*"|\{[^{}]*\}|\S+/g) ?? [];
}

function isMulticast(address: string): boolean {
	return (ipv4(address) ?? 0) >>> 28 === 0xe;
}
