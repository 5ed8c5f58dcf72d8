/** What an error code means when a port cannot be opened. This differs between operating systems. */

/** The port that could not be opened. */
export interface ListenAttempt {
	protocol: 'TCP' | 'UDP';
	port: number;
	/** Node's `process.platform`. */
	platform: string;
}

/** Why a port could not be opened. */
export type ListenFailure =
	/** Another program has the port and does not share it. */
	| { kind: 'taken' }
	/** Windows: the port lies in an excluded range, or a program has it exclusively. Another port works. */
	| { kind: 'excluded' }
	/** Anything else. `why` is part of a sentence. */
	| { kind: 'other'; why: string };

const REASONS: Readonly<Record<string, string>> = {
	EADDRNOTAVAIL: 'this computer no longer has that address',
	ENODEV: 'that interface has no multicast',
	ENETDOWN: 'the network is down',
	ENETUNREACH: 'the network is down',
	EAFNOSUPPORT: 'IPv4 is switched off on this computer',
	EMFILE: 'this program has too many files and sockets open',
	ENFILE: 'this computer has too many files and sockets open',
	ENOBUFS: 'the system has no room for another socket',
	ENOMEM: 'the system has no memory left for another socket',
};

/**
 * Judges the error code (`EACCES`) of opening a port. Windows reports EACCES (WSAEACCES) where other systems report
 * EADDRINUSE: for a UDP port that is bound without sharing ("Sharing Transport Addresses" in its driver documentation), and
 * for TCP ports that Hyper-V, WSL2 and Docker have excluded.
 */
export function listenFailure(code: string | undefined, { protocol, port, platform }: ListenAttempt): ListenFailure {
	if (code === 'EADDRINUSE') return { kind: 'taken' };
	if (code === 'EACCES' || code === 'EPERM') {
		if (platform === 'win32') return { kind: protocol === 'UDP' ? 'taken' : 'excluded' };
		const why = port < 1024 ? 'ports below 1024 are for root' : 'the system does not let this program use that port';
		return { kind: 'other', why };
	}
	return { kind: 'other', why: REASONS[code ?? ''] ?? code ?? 'the system does not say why' };
}

/** Whether another port is likely to work. */
export const anotherPortHelps = ({ kind }: ListenFailure): boolean => kind === 'taken' || kind === 'excluded';

/** Returns the ports to try in turn: `many` starting with the wanted one, then 0, any free one. Only the wanted one unless `mayMove`. */
export function portsToTry(wanted: number, mayMove: boolean, many: number): number[] {
	if (!mayMove) return [wanted];
	return [...Array.from({ length: many }, (_, i) => wanted + i).filter((port) => port <= 65_535), 0];
}

/** Returns the command that shows the ranges which Windows excludes. It needs no administrator and works in PowerShell and cmd. */
export const showExcluded = (protocol: 'TCP' | 'UDP'): string =>
	`netsh interface ipv4 show excludedportrange protocol=${protocol.toLowerCase()}`;
