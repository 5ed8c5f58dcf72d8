/** Guesses what an interface is, from its name and from what the system knows. A wrong guess only costs the user a question. */
import type { NetworkInterface, NetworkKind } from './networks.ts';

/** What the system knows about an interface besides its name. An absent field means that it is not known. */
export interface InterfaceHints {
	/** It is a radio (Linux: `wireless` or `phy80211` in /sys/class/net/NAME; macOS: `networksetup`). */
	wireless?: boolean | undefined;
	/** It has hardware (Linux: `device` in /sys/class/net/NAME). */
	hardware?: boolean | undefined;
	/** It is a bridge. A bridge with hardware among its ports leads to the real network. */
	bridge?: { hardware: boolean } | undefined;
	/** It is a tunnel (Linux: `tun_flags`, or a link type other than Ethernet). */
	tunnel?: boolean | undefined;
}

interface Names {
	vpn: RegExp;
	virtual: RegExp;
	wifi: RegExp;
	cable: RegExp;
}

const unixVpn =
	/^(?:tun|tap|utun|ipsec|ppp|wg|tailscale|zt|feth|nordlynx|nordtun|proton|mullvad|warp|cloudflarewarp|gpd|cscotun|openvpn|vpn)/i;

/** Patterns by operating system (Node's `process.platform`), tried in the order vpn, virtual, wifi, cable. */
const names: Readonly<Record<'linux' | 'darwin' | 'win32', Names>> = {
	linux: {
		vpn: unixVpn,
		virtual: /^(?:docker|br-|virbr|veth|vmnet|vboxnet|vnet|lxc|lxd|incus|cni|flannel|cali|podman|kube|dummy|ifb|macvtap|vnic|sit|gre)/,
		wifi: /^(?:wl|wifi|ath\d|ra\d|mlan|uap\d|ap\d)/,
		cable: /^(?:eth|en[opsxu]|em\d|lan|usb\d|bond|team|end\d)/,
	},
	darwin: {
		vpn: unixVpn,
		virtual: /^(?:bridge|vmnet|vmenet|vnic|vboxnet|awdl|llw|anpi|gif|stf)/,
		wifi: /^ap\d/, // en0 may be a radio or a cable: only `networksetup` knows
		cable: /^en\d/,
	},
	win32: {
		vpn: /tailscale|zerotier|wireguard|nordlynx|openvpn|vpn|\btap\b|\btun\b|tunnel|cloudflare|warp|cisco anyconnect/i,
		// "Local Area Connection* 3" with the asterisk is Windows' own Wi-Fi Direct adapter.
		virtual: /vmware|virtualbox|hyper-v|host-only|docker|\bwsl\b|npcap|bluetooth|loopback|\* ?\d+$/i,
		wifi: /wi-?fi|wlan|wireless|drahtlos|sans fil|inal[aá]mbric|senza fili|sem fio|беспроводн|无线|無線|ワイヤレス|무선/i,
		cable: /ethernet|local area connection|\blan\b|lan-verbindung|以太网|乙太網路|イーサネット|이더넷|локальн/i,
	},
};

// The host's side of VirtualBox's and VMware's networks. Windows just calls these "Ethernet 2".
const HYPERVISOR_HOST = /^(?:0a:00:27:|00:50:56:c0:00:)/;

/** This computer's side of a Hyper-V switch, and the switches that Windows, WSL and Docker make for themselves. */
const HYPER_V_SWITCH = /^vethernet \((.*)\)$/i;
const SWITCH_OF_ITS_OWN = /^(?:default switch|wsl\b|nat\b|docker|hns\b)/i;
/** MACs that Hyper-V assigns. An external switch has the MAC of the network card behind it instead. */
const HYPER_V_MAC = /^00:15:5d:/;

function switchKind(name: string, mac: string): NetworkKind {
	if (SWITCH_OF_ITS_OWN.test(name)) return 'virtual';
	return HYPER_V_MAC.test(mac) ? 'unknown' : 'cable';
}

/** Returns the kind of an interface. `platform` is Node's `process.platform`; unknown systems are treated like Linux. */
export function networkKind(
	network: Omit<NetworkInterface, 'kind' | 'prefix'> & { internal: boolean },
	platform: string,
	hints: InterfaceHints = {},
): NetworkKind {
	const { name, address, mac } = network;
	if (network.internal || address.startsWith('127.')) return 'loopback';
	const table = platform === 'darwin' || platform === 'win32' ? names[platform] : names.linux;
	if (address.startsWith('169.254.')) {
		// Capturing and tunnelling software leaves such adapters behind, and no camera is ever on them.
		return table.vpn.test(name) ? 'vpn' : table.virtual.test(name) ? 'virtual' : 'linkLocal';
	}
	if (hints.wireless) return 'wifi';
	if (hints.bridge) return hints.bridge.hardware ? 'cable' : 'virtual';
	if (HYPERVISOR_HOST.test(mac)) return 'virtual';
	if (hints.tunnel) return table.virtual.test(name) ? 'virtual' : 'vpn'; // a virtual machine's port is a tunnel too
	const behind = platform === 'win32' ? HYPER_V_SWITCH.exec(name)?.[1] : undefined;
	if (behind !== undefined) return switchKind(behind, mac);
	if (platform === 'darwin' && hints.wireless === undefined && table.cable.test(name)) return 'unknown';
	const kind = (['vpn', 'virtual', 'wifi', 'cable'] as const).find((one) => table[one].test(name));
	return kind ?? (hints.hardware ? 'cable' : 'unknown');
}
