/**
 * Whether this computer is behind a NAT of its own: a container, WSL2 or a virtual machine. Outgoing traffic works there,
 * but multicast from the LAN never comes in, so no camera's search arrives. Only certain cases are reported.
 */
import { type NetworkInterface, sameSubnet } from './networks.ts';

/** Facts that show what kind of computer this is. */
export interface MachineFacts {
	/** Text of Linux' `/proc/version`; empty elsewhere. */
	kernel: string;
	container: 'docker' | 'podman' | 'kubernetes' | null;
	/** Output of `wslinfo --networking-mode`; `null`: there is no such program. */
	wslMode: string | null;
	/** DNS search domains of `/etc/resolv.conf`. */
	domains: readonly string[];
	/** The kernel's name for the kind of the interface (`veth`, `macvlan`, `tun`); `null`: unknown, or real hardware. */
	linkKind: string | null;
	/** The other end of the interface is in another network namespace. */
	foreignPeer: boolean;
}

/** A NAT that keeps multicast out. */
export interface Nat {
	/** What this computer is, as part of a sentence. */
	what: string;
	/** How to get on the LAN. */
	next: string;
}

const ON_THE_HOST = 'Run canon-wifi on the computer itself: host networking does not reach its network there.';
const BRIDGED = 'Connect it to the LAN by a bridge (a "bridged" network adapter), or run canon-wifi on the host.';

/** Networks that Docker and Podman assign by default. */
const dockerPool = ({ address, prefix }: NetworkInterface): boolean =>
	(prefix === 16 && inside(address, '172.16.0.0', 12)) || (prefix === 20 && inside(address, '192.168.0.0', 16));
const podmanPool = ({ address, prefix }: NetworkInterface): boolean =>
	(prefix === 16 && inside(address, '10.88.0.0', 16)) || (prefix === 24 && inside(address, '10.88.0.0', 13));

const inside = (address: string, network: string, prefix: number): boolean => sameSubnet({ address: network, prefix }, address);

/** Search domains that such networks hand out by DHCP. The MAC distinguishes a guest from its host, which may have the domain too. */
const DOMAINS: readonly { by: string; domain: string; mac: RegExp }[] = [
	// A device with another MAC is on a Windows hotspot, which hands out the same domain.
	{ by: 'Hyper-V (Default Switch)', domain: 'mshome.net', mac: /^00:15:5d:/ },
	{ by: 'Multipass', domain: 'multipass', mac: /^52:54:00:/ },
	{ by: 'LXD', domain: 'lxd', mac: /^00:16:3e:/ },
	{ by: 'Incus', domain: 'incus', mac: /^(?:10:66:6a|00:16:3e):/ },
];

/** NAT networks that hypervisors assign by default, and how the MACs of their virtual network cards begin. */
const VIRTUAL_MACHINES: readonly { by: string; mac: RegExp; network: string; prefix: number }[] = [
	{ by: 'VirtualBox', mac: /^08:00:27:/, network: '10.0.2.0', prefix: 24 },
	{ by: 'QEMU (user network)', mac: /^52:54:00:/, network: '10.0.2.0', prefix: 24 },
	{ by: 'libvirt', mac: /^52:54:00:/, network: '192.168.122.0', prefix: 24 },
	{ by: 'macOS (shared network)', mac: /^52:54:00:/, network: '192.168.64.0', prefix: 24 },
];

/** Returns the NAT that keeps cameras' searches from this interface; `undefined` if there is none, or if it is uncertain. */
export function behindNat(network: NetworkInterface, facts: MachineFacts): Nat | undefined {
	if (network.kind === 'loopback') return undefined;
	return containerNat(network, facts) ?? wslNat(network, facts) ?? machineNat(network, facts);
}

function containerNat(network: NetworkInterface, { container, kernel, linkKind, foreignPeer }: MachineFacts): Nat | undefined {
	if (container === null) return undefined;
	const name = { docker: 'a Docker container', podman: 'a Podman container', kubernetes: 'a Kubernetes pod' }[container];
	// In Docker Desktop even `--network host` is only the network of its virtual machine.
	if (/linuxkit/i.test(kernel)) return { what: `${name} of Docker Desktop`, next: ON_THE_HOST };
	const first = /^eth\d+$/.test(network.name);
	// Without `ip`, a macvlan interface (which is on the LAN) looks the same except for its address.
	const own = { docker: dockerPool(network), podman: podmanPool(network), kubernetes: true }[container];
	const veth = first && (linkKind === 'veth' || (linkKind === null && foreignPeer && own));
	const userMode = container === 'podman' && linkKind === 'tun'; // slirp4netns and pasta
	if (!veth && !userMode) return undefined;
	if (isWsl(kernel)) return { what: `${name} in WSL2`, next: ON_THE_HOST.replace('the computer itself', 'Windows itself') };
	return {
		what: name,
		next:
			container === 'kubernetes'
				? 'Set `hostNetwork: true` for the pod.'
				: 'Start the container with `--network host`. On macOS and Windows that does not help: run canon-wifi on the computer itself there.',
	};
}

const isWsl = (kernel: string): boolean => /microsoft/i.test(kernel);

function wslNat({ address, prefix, mac }: NetworkInterface, { kernel, wslMode }: MachineFacts): Nat | undefined {
	// WSL1 has no network of its own; it uses that of Windows.
	if (!/microsoft.*WSL2/i.test(kernel)) return undefined;
	// Without wslinfo (before WSL 2.0) it is recognised by Hyper-V's switch, whose networks look like this.
	const nat = wslMode === null ? /^00:15:5d:/.test(mac) && prefix === 20 && inside(address, '172.16.0.0', 12) : wslMode === 'nat';
	if (!nat) return undefined;
	return {
		what: 'WSL2 with its NAT network',
		next: 'On Windows 11, put `networkingMode=mirrored` below `[wsl2]` in %UserProfile%\\.wslconfig and run `wsl --shutdown` in Windows; or run canon-wifi in Windows itself.',
	};
}

function machineNat({ address, prefix, mac }: NetworkInterface, { domains }: MachineFacts): Nat | undefined {
	const by =
		VIRTUAL_MACHINES.find((each) => each.mac.test(mac) && each.prefix === prefix && inside(address, each.network, each.prefix))?.by ??
		DOMAINS.find((each) => each.mac.test(mac) && domains.some((domain) => domain.toLowerCase() === each.domain))?.by;
	return by === undefined ? undefined : { what: `a guest behind the NAT of ${by}`, next: BRIDGED };
}

/** Returns the search domains of a `resolv.conf`. As in resolv.conf(5), the last line that names any counts. */
export function searchDomains(resolvConf: string): string[] {
	const lines = [...resolvConf.matchAll(/^[ \t]*(?:search|domain)[ \t]+(.*)$/gm)];
	return (lines.at(-1)?.[1] ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Returns the kind of a link from `ip -d -j link show dev NAME`; `null` for real hardware and for output it cannot parse. */
export function linkKindIn(json: string): string | null {
	try {
		const [link] = JSON.parse(json) as { linkinfo?: { info_kind?: unknown } }[];
		const kind = link?.linkinfo?.info_kind;
		return typeof kind === 'string' ? kind : null;
	} catch {
		return null;
	}
}
