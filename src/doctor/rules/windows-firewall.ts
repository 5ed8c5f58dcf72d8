/**
 * Judges Windows' firewall from the registry. The output of `netsh` is translated into every language of Windows, while the
 * registry has the same names and rules everywhere, and every user may read it.
 */
import type { FirewallFacts, FirewallPort } from './firewalls.ts';
import { allOf, type TestPacket } from './packet-filter.ts';
import { anyOf, inAddresses, inPorts } from './rule-words.ts';

/** The kind of network that Windows applies its rules by. */
export type WindowsProfile = 'Domain' | 'Private' | 'Public';

/** The outputs that are read. */
export interface WindowsFirewallTexts {
	/** `reg query HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy /s` */
	own: string;
	/** `reg query HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall /s`; empty on most computers. */
	policy: string;
	/** The network's profile; `undefined`: unknown. */
	profile: WindowsProfile | undefined;
}

/** Registry keys of the three profiles. The private one still has its name from before there were three. */
const KEYS: Readonly<Record<WindowsProfile, string>> = { Domain: 'domainprofile', Private: 'standardprofile', Public: 'publicprofile' };

interface Rule {
	name: string;
	block: boolean;
	/** The program that the rule is for. The user's answer to Windows' question makes such rules. */
	app: string | undefined;
	/** Whether the rule applies; `undefined`: it tests something that is not understood here. */
	matches(probe: TestPacket, profile: WindowsProfile): boolean | undefined;
}

interface Judged {
	state: 'off' | 'on' | 'unseen';
	always: boolean;
	/** A policy of an organisation decides, and a user's changes have no effect. */
	imposed: boolean;
	fates: { port: FirewallPort; fate: 'open' | 'closed' | 'unsure'; blocks: readonly Rule[] }[];
}

/** Judges by the profile of the network. If that is unknown, says only what holds in all three. */
export function readWindowsFirewall(
	{ own, policy, profile }: WindowsFirewallTexts,
	probes: readonly TestPacket[],
	program: string,
): FirewallFacts {
	const name = 'Windows firewall';
	const [local, imposed] = [registryValues(own), registryValues(policy)];
	const profiles: WindowsProfile[] = profile === undefined ? ['Private', 'Public', 'Domain'] : [profile];
	const judged = profiles.map((one) => judge(one, local, imposed, probes, program));
	if (judged.some(({ state }) => state === 'unseen'))
		return { name, state: 'unseen', closed: [], unsure: [], command: 'netsh advfirewall show currentprofile' };
	if (judged.every(({ state }) => state === 'off')) return { name, state: 'off', closed: [], unsure: [], command: '' };
	const fatesOf = (i: number) => judged.map(({ fates }) => fates[i]?.fate ?? 'unsure');
	const ports = probes.map(({ protocol, port }) => ({ protocol, port }));
	const closed = ports.filter((_, i) => fatesOf(i).every((fate) => fate === 'closed'));
	const unsure = ports.filter((port, i) => !closed.includes(port) && fatesOf(i).some((fate) => fate !== 'open'));
	if (closed.length + unsure.length === 0) return { name, state: 'on', closed, unsure, command: '' };
	return { name, state: 'on', closed, unsure, ...advice(judged, profile, [...closed, ...unsure]) };
}

function advice(judged: readonly Judged[], profile: WindowsProfile | undefined, ports: readonly FirewallPort[]) {
	const always = judged.some((one) => one.always);
	const blocks = judged.flatMap(({ fates }) => fates.flatMap((fate) => fate.blocks));
	if (judged.some(({ imposed }) => imposed))
		return { command: '', note: "A policy of this computer's organisation decides that, so rules of your own have no effect." };
	const commands: string[] = [];
	const notes: string[] = [];
	if (always) {
		// In quotes, because PowerShell would make two arguments out of a bare comma.
		commands.push(`netsh advfirewall set ${(profile ?? 'current').toLowerCase()}profile firewallpolicy "blockinbound,allowoutbound"`);
		notes.push('It blocks all incoming connections, those of allowed apps too.');
	}
	if (blocks.length > 0) {
		commands.push(...new Set(blocks.flatMap(removal)));
		notes.push(
			blocks.some(({ app }) => app !== undefined)
				? 'There are rules that block node.exe: pressing Cancel when Windows asks makes them, and they win over every rule that allows.'
				: 'There are rules that block these ports, and they win over every rule that allows.',
		);
	}
	if (!always && blocks.length === 0) notes.push('Windows may ask when canon-wifi first listens; then allow it for this kind of network.');
	commands.push(...ports.map(addition));
	return { command: commands.join('\n'), note: notes.join(' ') };
}

/** A command that works in both PowerShell and cmd. */
const addition = ({ protocol, port }: FirewallPort): string =>
	`netsh advfirewall firewall add rule name=canon-wifi dir=in action=allow protocol=${protocol.toUpperCase()} localport=${port} remoteip=localsubnet`;

function removal({ app, name }: Rule): string[] {
	if (app !== undefined && !/["`$%]/.test(app)) return [`netsh advfirewall firewall delete rule name=all dir=in program="${app}"`];
	return /^[\w .()-]+$/.test(name) ? [`netsh advfirewall firewall delete rule name="${name}" dir=in`] : [];
}

type Values = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads the output of `reg query KEY /s`. Maps the last part of each key, in lower case, to its values. */
function registryValues(text: string): Values {
	const keys = new Map<string, Map<string, string>>();
	let values = new Map<string, string>();
	for (const line of text.split(/\r?\n/)) {
		if (line.startsWith('HKEY_')) {
			const key = (line.split('\\').at(-1) ?? '').trim().toLowerCase();
			values = keys.get(key) ?? new Map();
			keys.set(key, values);
		}
		const [, name, value] = /^\s+(\S.*?)\s+REG_\w+\s+(.*)$/.exec(line) ?? [];
		if (name !== undefined && value !== undefined) values.set(name.toLowerCase(), value.trim());
	}
	return keys;
}

function judge(profile: WindowsProfile, local: Values, policy: Values, probes: readonly TestPacket[], program: string): Judged {
	const key = KEYS[profile];
	const imposed = (name: string): number | undefined =>
		numberOf((policy.get(key) ?? policy.get(`${profile.toLowerCase()}profile`))?.get(name));
	const setting = (name: string): number | undefined => imposed(name) ?? numberOf(local.get(key)?.get(name));
	const enabled = setting('enablefirewall');
	if (enabled === undefined || enabled === 0)
		return {
			state: enabled === 0 ? 'off' : 'unseen',
			always: false,
			imposed: false,
			fates: probes.map((port) => ({ port, fate: 'open', blocks: [] })),
		};
	const always = setting('donotallowexceptions') === 1;
	const merged = imposed('allowlocalpolicymerge') !== 0;
	const rules = [...rulesOf(policy, program), ...(merged ? rulesOf(local, program) : [])];
	const open = setting('defaultinboundaction') === 0;
	const fates = probes.map((probe): Judged['fates'][number] => {
		const answers = rules.map((rule) => ({ rule, match: rule.matches(probe, profile) }));
		const some = (block: boolean, match: true | undefined) => answers.filter((one) => one.rule.block === block && one.match === match);
		const blocks = some(true, true).map(({ rule }) => rule);
		const allowed = open || some(false, true).length > 0;
		if (always || blocks.length > 0) return { port: probe, fate: 'closed', blocks };
		return { port: probe, fate: allowed && some(true, undefined).length === 0 ? 'open' : 'unsure', blocks };
	});
	return { state: 'on', always, imposed: (always && imposed('donotallowexceptions') === 1) || !merged, fates };
}

function numberOf(value: string | undefined): number | undefined {
	return value !== undefined && /^0x[0-9a-f]+$/i.test(value) ? Number.parseInt(value, 16) : undefined;
}

const rulesOf = (values: Values, program: string): Rule[] =>
	[...(values.get('firewallrules')?.values() ?? [])].flatMap((text) => readRule(text, program) ?? []);

/** Fields that do not restrict a rule to packets other than ours. */
const HARMLESS = new Set(['name', 'desc', 'embedctxt', 'edge', 'defer', 'platform', 'platform2', 'action', 'active', 'dir']);
/** Fields of rules for services, for apps of the store, and for what those start. */
const NOT_OURS = new Set(['svc', 'apppkgid', 'pfn', 'luown']);

/** Reads `v2.30|Action=Block|Active=TRUE|Dir=In|Protocol=17|Profile=Public|App=C:\...\node.exe|Name=Node.js|`. Returns `undefined` if the rule is off, outgoing or for another program. */
function readRule(text: string, program: string): Rule | undefined {
	const fields = text
		.split('|')
		.map((field) => /^(\w+)=(.*)$/.exec(field))
		.flatMap((match) => (match ? [{ key: (match[1] ?? '').toLowerCase(), value: match[2] ?? '' }] : []));
	const all = (...keys: string[]): string[] => fields.filter(({ key }) => keys.includes(key)).map(({ value }) => value);
	const is = (key: string, value: string): boolean => all(key)[0]?.toLowerCase() === value;
	if (!is('dir', 'in') || !is('active', 'true') || !(is('action', 'block') || is('action', 'allow'))) return undefined;
	const app = all('app')[0];
	const ofOthers = (app !== undefined && !samePath(app, program)) || fields.some(({ key }) => NOT_OURS.has(key));
	if (ofOthers) return undefined;
	const understood = ['app', 'profile', 'protocol', 'lport', 'lport2_10', 'ra4', 'ra42', 'la4', 'ra6', 'ra62'];
	const doubt = fields.some(({ key }) => !HARMLESS.has(key) && !understood.includes(key));
	const matches = (probe: TestPacket, profile: WindowsProfile): boolean | undefined => {
		const [profiles, protocols, ports] = [all('profile'), all('protocol'), all('lport', 'lport2_10')];
		const [from, to, from6] = [all('ra4', 'ra42'), all('la4'), all('ra6', 'ra62')];
		return allOf([
			profiles.length === 0 || profiles.includes(profile),
			protocols.length === 0 || protocols.includes(probe.protocol === 'udp' ? '17' : '6'),
			ports.length === 0 || anyOf(ports.flatMap((one) => one.split(',')).map((one) => inPorts(probe.port, one) ?? false)),
			from.length === 0 ? from6.length === 0 : anyOf(from.map((one) => /^localsubnet$/i.test(one) || inAddresses(probe.from, one))),
			to.length === 0 || anyOf(to.map((one) => inAddresses(probe.to, one))),
			doubt ? undefined : true,
		]);
	};
	return { name: all('name')[0] ?? '', block: is('action', 'block'), app, matches };
}

/** Compares paths. `reg` writes in the console's code page, so letters beyond ASCII match any others. */
function samePath(written: string, program: string): boolean {
	const parts = program.split(/[^\x20-\x7e]+/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${parts.join('.+')}$`, 'i').test(
		written.replace(/%([^%]+)%/g, (_, name: string) => FOLDERS[name.toLowerCase()] ?? _),
	);
}

const FOLDERS: Readonly<Record<string, string>> = {
	systemroot: 'C:\\Windows',
	programfiles: 'C:\\Program Files',
	'programfiles(x86)': 'C:\\Program Files (x86)',
};

const CATEGORIES: Readonly<Record<string, WindowsProfile>> = { 0: 'Public', 1: 'Private', 2: 'Domain' };

/** Reads the NetworkCategory of `Get-NetConnectionProfile` as a number, which is the same in every language. */
export function readNetworkCategory(text: string): WindowsProfile | undefined {
	return CATEGORIES[text.trim()];
}
