/** Judges networks, ports, multicast and firewalls. */

import { anotherPortHelps, type ListenFailure, listenFailure, showExcluded } from '#base/listen-failure.ts';
import { printable } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { MulticastFacts } from '#discovery/computer/rules/hearing.ts';
import { behindNat, type MachineFacts } from '#network/rules/behind-nat.ts';
import { decidingFlag, KIND_WORDS, type NetworkChoice } from '#network/rules/choosing-network.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Holder, PortFacts, SystemFacts } from './facts.ts';
import type { FirewallFacts } from './firewalls.ts';
import { type Row, row } from './rows.ts';

const named = ({ name, address, prefix, kind }: NetworkInterface): string =>
	`${printable(name)} ${address}/${prefix} (${KIND_WORDS[kind]})`;

/** Lists the interfaces, and says which one would be used. */
export function networkRows(networks: readonly NetworkInterface[], choice: NetworkChoice | CanonWifiError): Row[] {
	const real = networks.filter(({ kind }) => kind !== 'loopback');
	const list = row('interfaces', 'info', real.length === 0 ? 'No interface with an IPv4 address is up.' : `${real.map(named).join(', ')}.`);
	return [list, choiceRow(choice)];
}

function choiceRow(choice: NetworkChoice | CanonWifiError): Row {
	if (choice instanceof CanonWifiError) {
		const next = choice.code === 'noNetwork' ? 'Connect it to the same network as the camera.' : choice.next;
		return { ...row('network', 'error', choice.message, next), exit: choice.exitCode };
	}
	if ('chosen' in choice) return row('network', 'ok', `Cameras would be answered on ${named(choice.chosen)}: ${choice.why}.`);
	const { likely } = choice;
	return row(
		'network',
		'warn',
		`Several networks make sense: ${likely.map(named).join(', ')}. What follows is about ${likely[0] === undefined ? 'none' : printable(likely[0].name)}.`,
		`Say which is the camera's by ${decidingFlag(likely)}.`,
	);
}

/** Reports a NAT between this computer and the real network. */
export function natRow(network: NetworkInterface, machine: MachineFacts): Row[] {
	const nat = behindNat(network, machine);
	if (nat === undefined) return [];
	const text = `This is ${nat.what}: the multicast by which cameras search does not come in here from the LAN.`;
	return [{ ...row('LAN', 'info', text, nat.next), doubt: true }];
}

/**
 * Reports a VPN that takes all traffic.
 * @param route interface of the default route: its name, on Windows its address
 */
export function routeRow(route: string | undefined, networks: readonly NetworkInterface[], chosen: NetworkInterface): Row[] {
	const by = networks.find(({ name, address }) => name === route || address === route);
	if (by?.kind !== 'vpn' || by.name === chosen.name) return [];
	return [
		row(
			'VPN',
			'warn',
			`All other traffic goes through ${named(by)}; some VPNs keep this computer's own network out.`,
			'If the camera does not find this computer, disconnect the VPN while pairing.',
		),
	];
}

/** Judges UDP 1900, which programs can share unless one of them refuses. */
export function ssdpRow({ holders, blind, refused }: PortFacts, port: number, address: string, platform: string): Row {
	const topic = `UDP ${port}`;
	if (refused === null) {
		const rival = holders.find((holder) => holder.answersCameras === true && holder.address === address);
		if (rival !== undefined)
			return row(
				topic,
				'warn',
				`Another canon-wifi (process ${rival.pid}) already answers cameras here, on ${address}.`,
				'Stop it before you start another one: a camera takes whichever answers first.',
			);
		if (holders.length === 0)
			return row(topic, 'ok', blind === null ? 'Free.' : `Can be opened. Could not find out which other programs use it: ${blind}.`);
		if (platform !== 'darwin') return row(topic, 'ok', `Shared with ${holderWords(holders)}, which is fine.`);
		const known = holders.some(({ program }) => /spotify/i.test(program ?? '')) ? ' Spotify is known for it.' : '';
		return row(
			topic,
			'warn',
			`Shared with ${holderWords(holders)}. On macOS a camera's search may reach only the other program.${known}`,
			'If the camera does not find this computer, quit that program while pairing.',
		);
	}
	const trouble = listenFailure(refused, { protocol: 'UDP', port, platform });
	if (trouble.kind !== 'taken') return row(topic, 'error', failed(trouble, refused), otherwise(refused, port));
	const unnamed = holders.length === 0 || holders.some(({ pid }) => pid === null);
	return row(
		topic,
		'error',
		`Held by ${whoHolds(holders, blind)}, which does not share it: no camera can find this computer.`,
		unnamed ? `Close that program; ${namedBy(platform, 'UDP')}.` : 'Close that program.',
	);
}

/** Says how to find the owner. Windows names the owner of every port; if it names none, Windows may keep the port itself. */
const namedBy = (platform: string, protocol: 'UDP' | 'TCP'): string =>
	platform === 'win32'
		? `if there is none, Windows may keep the port for itself: \`${showExcluded(protocol)}\` lists what it keeps`
		: '`sudo canon-wifi doctor` may name it';

const whoHolds = (holders: readonly Holder[], blind: string | null): string =>
	holders.length > 0 ? holderWords(holders) : `another program${blind === null ? '' : ` (could not find out which: ${blind})`}`;

const failed = (trouble: ListenFailure, code: string): string => {
	const why = trouble.kind === 'other' && trouble.why !== code ? `${trouble.why} (${code})` : code;
	return `Opening it failed: ${why}.`;
};

function otherwise(code: string, port: number): string {
	if (/^E(?:ACCES|PERM)$/.test(code))
		return port < 1024 ? 'Choose 1900: cameras know no other port.' : 'See what security software allows Node to do.';
	return 'Fix that first, then run doctor again.';
}

/** Judges the description's port. If it is taken or excluded, the next free one is used, unless a flag asked for this one. */
export function httpRow({ holders, blind, refused }: PortFacts, port: number, asked: boolean, platform: string): Row {
	const topic = `TCP ${port}`;
	if (refused === null) return row(topic, 'ok', 'Free for the description.');
	const trouble = listenFailure(refused, { protocol: 'TCP', port, platform });
	if (!anotherPortHelps(trouble)) return row(topic, 'error', failed(trouble, refused), 'Choose another with --desc-port.');
	const excluded = trouble.kind === 'excluded' && holders.length === 0;
	const text = excluded ? EXCLUDED : `Held by ${whoHolds(holders, blind)}`;
	if (!asked) return row(topic, 'info', `${text}; the next free port would be used.`);
	return row(
		topic,
		'error',
		`${text}.`,
		excluded
			? `Choose another port with --desc-port; \`${showExcluded('TCP')}\` lists what Windows keeps.`
			: 'Close that program, or choose another port with --desc-port.',
	);
}

const EXCLUDED = 'Windows does not give it to programs, since it lies in a range that Hyper-V, WSL2 or Docker has excluded';

/** Names each program once, with all the addresses on which it has the port. */
function holderWords(holders: readonly Holder[]): string {
	const programs = new Map<number | Holder, readonly Holder[]>();
	for (const holder of holders) programs.set(holder.pid ?? holder, [...(programs.get(holder.pid ?? holder) ?? []), holder]);
	const words = [...programs.values()].map(([first, ...more]) => {
		const on = [...new Set([first, ...more].map((holder) => holder?.address))].join(' and ');
		return first?.pid == null
			? `a program of another user (on ${on})`
			: `${printable(first.program ?? 'a program')} (process ${first.pid}, on ${on})`;
	});
	return [...new Set(words)].join(' and ');
}

/** Judges whether multicast searches can reach this computer at all. */
export function multicastRow(
	{ joinRefused, sendRefused, heard, heardAlone }: MulticastFacts,
	network: NetworkInterface,
	{ platform, release }: SystemFacts,
): Row {
	const topic = 'multicast';
	const on = printable(network.name);
	if (joinRefused !== null)
		return row(
			topic,
			'error',
			`The group 239.255.255.250 cannot be joined on ${on}: ${joinRefused}.`,
			'Check that this interface is up and may use multicast; another one is chosen by --interface.',
		);
	if (sendRefused !== null)
		return asksForLocalNetwork({ platform, release }) && /EHOSTUNREACH|EPERM|ENETUNREACH/.test(sendRefused)
			? row(topic, 'error', `macOS does not let this terminal talk to the local network (${sendRefused}).`, LOCAL_NETWORK)
			: row(
					topic,
					'error',
					`Sending to the group on ${on} failed: ${sendRefused}.`,
					'Check that this interface is up and that no VPN or firewall forbids multicast.',
				);
	if (!heard)
		return row(
			topic,
			'error',
			`The group is joined on ${on}, but our own test packet did not come back: something on this computer swallows multicast.`,
			'Open UDP port 1900 in the firewall (see below), or disconnect the VPN.',
		);
	if (heardAlone === false)
		return row(
			topic,
			'warn',
			`Joined and heard on ${on}, but what is sent to ${network.address} alone goes to another program.`,
			'If the camera does not find this computer, close the other programs that have UDP 1900 open (see above).',
		);
	if (asksForLocalNetwork({ platform, release }))
		return row(
			topic,
			'info',
			`Joined on ${on}, and our own packet came back; whether packets of others come in is another matter: see "privacy".`,
		);
	return row(topic, 'ok', `Joined and heard on ${on}.`);
}

/** macOS 15 (Darwin 24) and newer ask whether a program may use the local network, and silently drop its packets otherwise. */
const asksForLocalNetwork = ({ platform, release }: Pick<SystemFacts, 'platform' | 'release'>): boolean =>
	platform === 'darwin' && Number.parseInt(release, 10) >= 24;

/** Apple's TN3179 says which programs are exempt. Users reported that a restart brings the question back. */
const LOCAL_NETWORK =
	'In System Settings > Privacy & Security > Local Network, allow the terminal, then start it again; if it is not in the list, restart the Mac to be asked. Terminal itself, ssh and root are exempt.';

/** Explains macOS' privacy setting, which a program cannot read. */
export function privacyRow({ platform, release }: SystemFacts): Row[] {
	if (!asksForLocalNetwork({ platform, release })) return [];
	const text =
		'A program cannot find out whether macOS lets this terminal use the local network. Without permission, searches are dropped silently, although a packet capture shows them and ping works.';
	return [
		{ ...row('privacy', 'info', text, `If no search arrives: ${LOCAL_NETWORK[0]?.toLowerCase()}${LOCAL_NETWORK.slice(1)}`), doubt: true },
	];
}

const portsWords = (ports: readonly { protocol: string; port: number }[]): string =>
	ports.map(({ protocol, port }) => `${protocol.toUpperCase()} ${port}`).join(' and ');

/** Makes one row for each firewall, or one row if there is none. */
export function firewallRows(firewalls: readonly FirewallFacts[], platform: string): Row[] {
	if (firewalls.length === 0) {
		const looked =
			platform === 'linux' ? 'None of ufw, firewalld, nftables and iptables is installed' : 'This system has none that is known here';
		return [row('firewall', 'info', `${looked}. Other packet filters cannot be checked.`)];
	}
	return firewalls.map(({ name, state, closed, unsure, command, note }) => {
		if (state === 'off') return row(name, 'ok', 'Off, or without rules for packets to this computer.');
		if (state === 'unseen')
			return platform === 'linux'
				? row(name, 'info', 'Installed; only root can read its rules.', `Run \`sudo canon-wifi doctor\`, or check with \`${command}\`.`)
				: row(
						name,
						'info',
						'Could not determine whether it lets cameras in, because its answer was not understood.',
						`Check with \`${command}\`.`,
					);
		const more = note === undefined ? '' : ` ${note}`;
		if (closed.length > 0)
			return row(
				name,
				'error',
				`Blocks ${portsWords(closed)}: cameras cannot reach this computer.${more}`,
				toOpen('Open', command, platform),
			);
		if (unsure.length > 0)
			return row(
				name,
				'warn',
				`Active; could not determine whether ${portsWords(unsure)} ${unsure.length === 1 ? 'is' : 'are'} open.${more}`,
				toOpen('If the camera does not find this computer, open', command, platform),
			);
		return row(name, 'ok', 'Lets cameras in.');
	});
}

function toOpen(what: string, command: string, platform: string): string {
	if (command === '') return 'Ask whoever administers this computer.';
	if (platform !== 'win32') return `${what}: \`${command}\`.`;
	return `${what} it by these lines, in a PowerShell or cmd that was started as administrator:\n${command}`;
}

/** Names the causes that no program on this computer can see. */
export const ROUTER_ROW = row(
	'router',
	'info',
	'Cannot be checked from here. Guest networks, "client" or "AP isolation", and IGMP snooping without a querier keep cameras and computers apart.',
	'If no search arrives although everything above is fine, turn these off, or try the phone as an access point.',
);
