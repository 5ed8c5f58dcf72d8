/** The TCP port where clients find a camera. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { anotherPortHelps, type ListenFailure, listenFailure, portsToTry } from '#base/listen-failure.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { listenError } from '#system/listen-error.ts';
import type { CameraProxyOptions } from './ports.ts';

/** TCP keep-alive starts after this much silence, in milliseconds. */
const KEEP_ALIVE_MS = 20_000;
/** Number of ports tried in turn before the system is asked for any free one. */
const PORTS_TRIED = 100;

/** A port that is open. */
export interface Listener {
	readonly port: number;
	/** Accepts no more connections. Existing ones stay open. */
	close(): Promise<void>;
}

/** Opens the port. Rejects with `listenTaken`, `portExcluded`, `notOurAddress` or `cannotListen`. */
export async function listen(
	{ address, port, mayMove }: Pick<CameraProxyOptions, 'address' | 'port' | 'mayMove'>,
	on: (socket: Socket) => void,
	platform: string = process.platform,
): Promise<Listener> {
	const [first = port, ...more] = portsToTry(port, mayMove, PORTS_TRIED);
	for (let wanted = first; ; ) {
		try {
			return await listenAt(address, wanted, on);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			const trouble = listenFailure(code, { protocol: 'TCP', port: wanted, platform });
			const next = anotherPortHelps(trouble) ? more.shift() : undefined;
			if (next === undefined) throw refusal(error as NodeJS.ErrnoException, trouble, address, wanted, platform);
			wanted = next;
		}
	}
}

function refusal(error: NodeJS.ErrnoException, { kind }: ListenFailure, address: string, port: number, platform: string): CanonWifiError {
	if (kind === 'taken') return new CanonWifiError('listenTaken', { address, port }, { cause: error });
	if (error.code === 'EADDRNOTAVAIL') return new CanonWifiError('notOurAddress', { given: address, ours: [] }, { cause: error });
	return listenError(error, { protocol: 'TCP', address, port, flag: '--listen ADDRESS:PORT' }, platform);
}

async function listenAt(host: string, port: number, on: (socket: Socket) => void): Promise<Listener> {
	const server = createServer({ allowHalfOpen: false, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS }, on);
	const listening = once(server, 'listening');
	server.listen({ host, port, exclusive: true });
	await listening;
	// When a connection cannot be accepted because file handles have run out, only its client is affected.
	server.on('error', () => {});
	const bound = server.address();
	return {
		port: bound !== null && typeof bound === 'object' ? bound.port : port,
		// Connections have their own owners.
		close: async () => void server.close(),
	};
}
