/** What `doctor` finds out before anything is judged. */
import type { MulticastFacts } from '#discovery/computer/rules/hearing.ts';
import type { MachineFacts } from '#network/rules/behind-nat.ts';
import type { SettingsVerdict } from '#settings/rules/judge.ts';
import type { FirewallFacts, FirewallPort } from './firewalls.ts';

/** A program that has a port open. */
export interface Holder {
	/** `null`: its owner lets nobody look, or it is the system itself. */
	pid: number | null;
	program: string | null;
	/** Address it is bound to; `0.0.0.0` and `::` are all. */
	address: string;
	/** It is a canon-wifi that answers cameras, as far as its command line may be seen. */
	answersCameras?: true;
}

export interface PortFacts {
	/** Those that could be seen; a holder without `pid` could not be looked into. */
	holders: readonly Holder[];
	/** Why nobody could be looked for, when that is so. */
	blind: string | null;
	/** Error code of opening the port the way canon-wifi does; `null`: it opened. */
	refused: string | null;
}

export interface SettingsFileFacts {
	path: string;
	/** `null`: there is none yet. */
	verdict: SettingsVerdict | { state: 'unreadable'; why: string } | null;
}

export interface SettingsFacts {
	folder: string;
	/** Why nothing can be saved there; `null`: it can. */
	unwritable: string | null;
	identity: SettingsFileFacts;
	profiles: SettingsFileFacts;
	/** File names of damaged ones that were kept aside. */
	damaged: readonly string[];
}

export interface SystemFacts {
	/** Node's `process.platform`. */
	platform: string;
	/** The kernel's release: macOS 15 is 24. */
	release: string;
	node: string;
}

/** Looks at this computer; changes nothing on it and never talks to a camera. Nothing of it rejects. */
export interface Probes {
	system(): SystemFacts;
	/** What kind of computer this is, and how the interface is connected. */
	machine(name: string): Promise<MachineFacts>;
	/** UDP: shared as SSDP needs it, on every address and on this one. */
	udpPort(port: number, address: string): Promise<PortFacts>;
	tcpPort(port: number, address: string): Promise<PortFacts>;
	/** Sends one datagram to the group on this address and listens for it. */
	multicast(address: string, port: number): Promise<MulticastFacts>;
	firewalls(where: {
		interface: string;
		address: string;
		neighbour: string;
		ports: readonly FirewallPort[];
	}): Promise<readonly FirewallFacts[]>;
	/** Interface of the default route. */
	defaultRoute(): Promise<string | undefined>;
	settings(): SettingsFacts;
}
