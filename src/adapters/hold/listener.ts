/** The TCP port of a shared camera. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { CanonWifiError } from '../../core/errors.ts';
import type { ShareOptions } from '../../flows/ports.ts';
import { listenError } from '../listen-error.ts';

/** Ports that are tried after the wanted one. */
const PORTS_TRIED = 100;

export interface Listener {
	readonly port: number;
	/** Takes no more connections. Does not end those that stand. */
	close(): Promise<void>;
}

/** Listens. Rejects with `listenTaken`, `notOurAddress` or `cannotListen`. */
export async function listen(
	{ address, port, mayMove }: Pick<ShareOptions, 'address' | 'port' | 'mayMove'>,
	on: (socket: Socket) => void,
): Promise<Listener> {
	for (let wanted = port; ; wanted++) {
		try {
			return await listenAt(address, wanted, on);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === 'EADDRINUSE' && mayMove && wanted < port + PORTS_TRIED && wanted < 65_535) continue;
			if (code === 'EADDRINUSE') throw new CanonWifiError('listenTaken', { address, port: wanted }, { cause: error });
			if (code === 'EADDRNOTAVAIL') throw new CanonWifiError('notOurAddress', { given: address, ours: [] }, { cause: error });
			throw listenError(error as NodeJS.ErrnoException, { protocol: 'TCP', address, port: wanted });
		}
	}
}

async function listenAt(host: string, port: number, on: (socket: Socket) => void): Promise<Listener> {
	const server = createServer({ allowHalfOpen: false, noDelay: true }, on);
	const listening = once(server, 'listening');
	server.listen({ host, port, exclusive: true });
	await listening;
	// A connection that could not be taken, for want of handles, is its client's trouble.
	server.on('error', () => {});
	const bound = server.address();
	return {
		port: bound !== null && typeof bound === 'object' ? bound.port : port,
		// Connections have owners of their own.
		close: async () => void server.close(),
	};
}
