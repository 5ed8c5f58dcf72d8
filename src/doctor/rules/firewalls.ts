/** Reads what firewalls report, and says how to open ports in each. */
import { iptablesFate } from './iptables.ts';
import { nftFate, nftFates, nftObstacles } from './nft.ts';
import type { PacketFate, TestPacket } from './packet-filter.ts';
import { anyOf, inAddresses, inPorts, isInterface } from './rule-words.ts';

/** A port that a camera must reach. */
export interface FirewallPort {
	protocol: 'udp' | 'tcp';
	port: number;
}

export type FirewallName = 'ufw' | 'firewalld' | 'nftables' | 'iptables' | 'macOS firewall' | 'Windows firewall';

/** What is known about one firewall. */
export interface FirewallFacts {
	name: FirewallName;
	/** `unseen`: it is installed, but its rules cannot be read. */
	state: 'off' | 'on' | 'unseen';
	/** Ports that it certainly closes. */
	closed: readonly FirewallPort[];
	/** Ports that it may close. */
	unsure: readonly FirewallPort[];
	/** Exact commands that open these ports, one per line; for `unseen` the command that shows the rules. */
	command: string;
	/** Further advice, in sentences. */
	note?: string | undefined;
}

const portText =
	(separator: string) =>
	({ protocol, port }: FirewallPort): string =>
		`${port}${separator}${protocol}`;

/** Judges each port by what the firewall does with a packet to it. */
export function judgePorts(
	probes: readonly TestPacket[],
	fateOf: (probe: TestPacket) => PacketFate,
): Pick<FirewallFacts, 'closed' | 'unsure'> {
	const fates = probes.map((probe) => ({ protocol: probe.protocol, port: probe.port, ...fateOf(probe) }));
	const bare = ({ protocol, port }: FirewallPort): FirewallPort => ({ protocol, port });
	return {
		closed: fates.filter(({ verdict, sure }) => verdict === 'drop' && sure).map(bare),
		unsure: fates.filter(({ sure }) => !sure).map(bare),
	};
}

/** Reads `ufw status verbose`. Its built-in rules let searches to 239.255.255.250:1900 in. */
export function readUfw(output: string, probes: readonly TestPacket[]): FirewallFacts {
	if (!/^Status: /m.test(output)) return { name: 'ufw', state: 'unseen', closed: [], unsure: [], command: 'sudo ufw status verbose' };
	if (!/^Status: active/m.test(output)) return { name: 'ufw', state: 'off', closed: [], unsure: [], command: '' };
	const open = /^Default: allow \(incoming\)/m.test(output);
	const rules = output.split('\n').flatMap((line) => {
		const [to, action, from] = line.split(/\s{2,}/);
		const word = /^(ALLOW|LIMIT|DENY|REJECT)(?: IN)?$/.exec(action ?? '')?.[1];
		return to === undefined || word === undefined || from === undefined
			? []
			: [{ to, accept: word === 'ALLOW' || word === 'LIMIT', from: from.replace(/\s*#.*/, '') }];
	});
	const judged = judgePorts(probes, (probe) => {
		if (probe.protocol === 'udp' && probe.port === 1900) return { verdict: 'accept', sure: true };
		for (const { to, accept, from } of rules) {
			const match = ufwMatches(to, from, probe);
			if (match === true) return { verdict: accept ? 'accept' : 'drop', sure: true };
		}
		return { verdict: open ? 'accept' : 'drop', sure: rules.every(({ to, from }) => ufwMatches(to, from, probe) !== undefined) };
	});
	const wanted = [...judged.closed, ...judged.unsure];
	return { name: 'ufw', state: 'on', ...judged, command: wanted.map((port) => `sudo ufw allow ${portText('/')(port)}`).join(' && ') };
}

/** Reads targets such as `8043/tcp on wlan0`, `Anywhere`, `192.168.1.20 8043/tcp`, `OpenSSH`. `(v6)` does not concern us. */
function ufwMatches(to: string, from: string, probe: TestPacket): boolean | undefined {
	if (to.includes('(v6)')) return false;
	const [what = '', on] = to.split(' on ');
	if (on !== undefined && !isInterface(probe.interface, on)) return false;
	if (from !== 'Anywhere' && inAddresses(probe.from, from) !== true) return inAddresses(probe.from, from);
	const words = what.split(' ');
	const address = ipLike(words[0] ?? '') ? words.shift() : undefined;
	if (address !== undefined && inAddresses(probe.to, address) === false) return false;
	const [ports = '', protocol] = (words[0] ?? 'Anywhere').split('/');
	if (protocol !== undefined && protocol !== probe.protocol) return false;
	if (ports === 'Anywhere') return true;
	if (!/^\d/.test(ports)) return undefined; // an application's profile
	return anyOf(ports.split(',').map((one) => inPorts(probe.port, one)));
}

const ipLike = (word: string): boolean => /^\d+\.\d+\.\d+\.\d+/.test(word);

/** Reads `firewall-cmd --list-all` for the interface's zone. */
export function readFirewalld(output: string, probes: readonly TestPacket[]): FirewallFacts {
	const field = (name: string): string[] =>
		(new RegExp(`^\\s*${name}:[ \\t]*(.*)$`, 'm').exec(output)?.[1] ?? '').split(/\s+/).filter((word) => word !== '');
	const zone = /^(\S+)/.exec(output)?.[1] ?? 'public';
	const rich = /^\s*rich rules:[ \t]*\n\s*rule /m.test(output);
	const judged = judgePorts(probes, (probe) => {
		const byPort = field('ports').some((written) => {
			const [ports = '', protocol] = written.split('/');
			return protocol === probe.protocol && inPorts(probe.port, ports) === true;
		});
		const byService = probe.protocol === 'udp' && probe.port === 1900 && field('services').includes('ssdp');
		if (byPort || byService || field('target')[0] === 'ACCEPT' || field('protocols').includes(probe.protocol))
			return { verdict: 'accept', sure: true };
		return { verdict: 'drop', sure: !rich };
	});
	const ports = [...judged.closed, ...judged.unsure].map((port) => `--add-port=${portText('/')(port)}`);
	const command = ports.length === 0 ? '' : `sudo firewall-cmd --permanent --zone=${zone} ${ports.join(' ')} && sudo firewall-cmd --reload`;
	return { name: 'firewalld', state: 'on', ...judged, command };
}

/** Reads `nft list ruleset`. */
export function readNft(ruleset: string, probes: readonly TestPacket[]): FirewallFacts {
	const judged = judgePorts(probes, (probe) => nftFate(ruleset, probe));
	const shut = [...judged.closed, ...judged.unsure];
	const command = probes
		.filter((probe) => shut.some(({ protocol, port }) => protocol === probe.protocol && port === probe.port))
		.flatMap((probe) =>
			nftObstacles(ruleset, probe).map((chain) => `sudo nft insert rule ${chain} ${probe.protocol} dport ${probe.port} accept`),
		)
		.join(' && ');
	const filters = probes.some((probe) => nftFates(ruleset, probe).length > 0);
	return { name: 'nftables', state: filters ? 'on' : 'off', ...judged, command };
}

/** Reads `iptables -S`. */
export function readIptables(listing: string, probes: readonly TestPacket[]): FirewallFacts {
	const judged = judgePorts(probes, (probe) => iptablesFate(listing, probe));
	const command = [...judged.closed, ...judged.unsure]
		.map(({ protocol, port }) => `sudo iptables -I INPUT -p ${protocol} --dport ${port} -j ACCEPT`)
		.join(' && ');
	const filters = /^-P INPUT (?!ACCEPT)/m.test(listing) || /^-A INPUT/m.test(listing);
	return { name: 'iptables', state: filters ? 'on' : 'off', ...judged, command };
}

/** The outputs of `socketfilterfw`. */
export interface MacFirewallTexts {
	/** `--getglobalstate` */
	state: string;
	/** `--getblockall` */
	blockAll: string;
	/** `--getappblocked PROGRAM` */
	app: string;
	/** `--getallowsigned` */
	signed: string;
}

/**
 * Judges macOS' firewall, which knows programs and not ports. Its wording has changed between versions ("is permitted", "is
 * allowed", "not part of the firewall"), so anything that is not clearly one or the other is unsure.
 */
export function readMacFirewall(
	{ state, blockAll, app, signed }: MacFirewallTexts,
	probes: readonly TestPacket[],
	program: string,
): FirewallFacts {
	const tool = '/usr/libexec/ApplicationFirewall/socketfilterfw';
	const name = 'macOS firewall';
	const number = /State = (\d)/i.exec(state)?.[1];
	const on = number === undefined ? yesOrNo(state, /enabled|\bis on\b/i, /disabled|\bis off\b/i) : number !== '0';
	if (on === undefined) return { name, state: 'unseen', closed: [], unsure: [], command: `${tool} --getglobalstate` };
	if (!on) return { name, state: 'off', closed: [], unsure: [], command: '' };
	const ports = probes.map(({ protocol, port }) => ({ protocol, port }));
	const all = number === '2' || yesOrNo(blockAll, /enabled|\bon\b/i, /disabled|\boff\b/i);
	if (all === true) return { name, state: 'on', closed: ports, unsure: [], command: `sudo ${tool} --setblockall off` };
	const letIn = yesOrNo(app, /\b(?:permitted|allowed|allow)\b/i, /\b(?:block|blocked|denied|deny|not (?:permitted|allowed))\b/i);
	if (letIn === true && all === false) return { name, state: 'on', closed: [], unsure: [], command: '' };
	const notes = [
		...(letIn === undefined
			? [`macOS may ask when canon-wifi first listens${LET_IN_SIGNED.test(signed) ? ', or let a signed Node in by itself' : ''}.`]
			: []),
		...(/\/Cellar\//.test(program)
			? ['Homebrew has a folder for each version of Node, so this is to be repeated after each upgrade.']
			: []),
	];
	return {
		name,
		state: 'on',
		closed: letIn === false ? ports : [],
		unsure: letIn === false ? [] : ports,
		command: `sudo ${tool} --add "${program}" && sudo ${tool} --unblockapp "${program}"`,
		note: notes.length > 0 ? notes.join(' ') : undefined,
	};
}

const LET_IN_SIGNED = /downloaded signed software.*\b(?:enabled|on)\b/i;

/** Returns what a text says, or `undefined` if it says both or neither. */
function yesOrNo(text: string, yes: RegExp, no: RegExp): boolean | undefined {
	const [says, denies] = [yes.test(text), no.test(text)];
	return says === denies ? undefined : says;
}
