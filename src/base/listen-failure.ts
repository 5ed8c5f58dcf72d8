/** What the error code of opening a port means, which differs between operating systems. */

/** What was to be opened. */
export interface ListenAttempt {
	protocol: 'TCP' | 'UDP';
	port: number;
	/** Node's `process.platform`. */
	platform: string;
}

export type ListenFailure =
	/** Another program has it, and does not share it. */
	| { kind: 'taken' }
	/** Windows: it lies in a range that is excluded, or a program has it exclusively. Another port will do. */
	| { kind: 'excluded' }
	/** Neither: for a sentence, why. */
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
 * Judges the code of an error (`EACCES`) of opening a port. Windows says EACCES (WSAEACCES) where others say EADDRINUSE: of a UDP
 * port that is bound without sharing ("Sharing Transport Addresses" of its driver documentation), and of TCP ports that Hyper-V,
 * WSL2 and Docker have excluded.
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

/** Whether the next port may well work where this one did not. */
export const anotherPortHelps = ({ kind }: ListenFailure): boolean => kind === 'taken' || kind === 'excluded';

/** Ports to try one after the other: `many` from the wanted one on, then any that the system gives. */
export function portsToTry(wanted: number, mayMove: boolean, many: number): number[] {
	if (!mayMove) return [wanted];
	return [...Array.from({ length: many }, (_, i) => wanted + i).filter((port) => port <= 65_535), 0];
}

/** Shows the ranges that Windows keeps; needs no rights, and works in PowerShell and cmd. */
export const showExcluded = (protocol: 'TCP' | 'UDP'): string =>
	`netsh interface ipv4 show excludedportrange protocol=${protocol.toLowerCase()}`;
