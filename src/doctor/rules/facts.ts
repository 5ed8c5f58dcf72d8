/** The facts that `doctor` collects before it judges them. */
import type { MulticastFacts } from '#discovery/computer/rules/hearing.ts';
import type { MachineFacts } from '#network/rules/behind-nat.ts';
import type { SettingsVerdict } from '#settings/rules/judge.ts';
import type { FirewallFacts, FirewallPort } from './firewalls.ts';

/** A program that has a port open. */
export interface Holder {
	/** `null`: it belongs to another user, or it is the system itself. */
	pid: number | null;
	program: string | null;
	/** Address that it is bound to; `0.0.0.0` and `::` mean all addresses. */
	address: string;
	/** It is a canon-wifi that answers cameras, as far as its command line is visible. */
	answersCameras?: true | undefined;
}

/** What is known about a port. */
export interface PortFacts {
	/** The visible holders. A holder without `pid` could not be examined. */
	holders: readonly Holder[];
	/** Why the search for holders was impossible; `null`: it was possible. */
	blind: string | null;
	/** Error code of opening the port the way canon-wifi does; `null`: it opened. */
	refused: string | null;
}

/** What is known about a settings file. */
export interface SettingsFileFacts {
	path: string;
	/** `null`: there is none yet. */
	verdict: SettingsVerdict | { state: 'unreadable'; why: string } | null;
}

/** What is known about the settings folder. */
export interface SettingsFacts {
	folder: string;
	/** Why nothing can be saved there; `null`: saving works. */
	unwritable: string | null;
	identity: SettingsFileFacts;
	profiles: SettingsFileFacts;
	/** Names of damaged files that were moved aside. */
	damaged: readonly string[];
}

/** The system that this program runs on. */
export interface SystemFacts {
	/** Node's `process.platform`. */
	platform: string;
	/** The kernel's release: macOS 15 is 24. */
	release: string;
	node: string;
}

/** Checks this computer. Changes nothing on it, never talks to a camera and never rejects. */
export interface Probes {
	system(): SystemFacts;
	/** Finds out what kind of computer this is, and how an interface is connected. */
	machine(name: string): Promise<MachineFacts>;
	/** Opens a UDP port, shared as SSDP requires, on every address and on this one. */
	udpPort(port: number, address: string): Promise<PortFacts>;
	/** Listens on a TCP port of this address. */
	tcpPort(port: number, address: string): Promise<PortFacts>;
	/** Sends one datagram to the group on this address and listens for it. */
	multicast(address: string, port: number): Promise<MulticastFacts>;
	firewalls(where: {
		interface: string;
		address: string;
		neighbour: string;
		ports: readonly FirewallPort[];
	}): Promise<readonly FirewallFacts[]>;
	/** Resolves to the interface of the default route. */
	defaultRoute(): Promise<string | undefined>;
	settings(): SettingsFacts;
}
