/** The camera's small HTTP server: bound to its own address, on the next free port if its own is taken. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { joinBytes } from '#base/bytes.ts';
import { anotherPortHelps, listenFailure, portsToTry } from '#base/listen-failure.ts';
import { bindError } from '../bind-error.ts';

export interface WebRequest {
	method: string;
	/** Path and query as they came. */
	target: string;
	userAgent: string | undefined;
	from: string;
	body: Uint8Array;
}

export interface WebAnswer {
	status: number;
	headers?: Readonly<Record<string, string>>;
	body?: string | Uint8Array;
}

export interface Web {
	port: number;
	close(): Promise<void>;
}

/** Ports tried one after the other before the system is asked for any. */
const PORTS_TRIED = 20;
const LARGEST_BODY = 64 * 1024;

/** Serves until closed. Port 0: any. Rejects when no port can be had; a handler that throws is answered with 500. */
export async function serveWeb(
	address: string,
	port: number,
	answer: (request: WebRequest) => Promise<WebAnswer> | WebAnswer,
): Promise<Web> {
	const server = createServer({ maxHeaderSize: 8192, requestTimeout: 10_000, headersTimeout: 5000 }, (request, response) => {
		void respond(request, response, answer);
	});
	server.maxConnections = 32;
	await listen(server, address, port);
	const bound = server.address();
	return {
		port: bound !== null && typeof bound === 'object' ? bound.port : port,
		close: async () => {
			const closed = once(server, 'close');
			server.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

async function listen(server: Server, address: string, wanted: number): Promise<void> {
	for (const port of portsToTry(wanted, wanted !== 0, PORTS_TRIED)) {
		try {
			const listening = once(server, 'listening');
			server.listen({ host: address, port });
			await listening;
			return;
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			const goesOn = port !== 0 && anotherPortHelps(listenFailure(code, { protocol: 'TCP', port, platform: process.platform }));
			if (!goesOn) throw bindError(error, { address, what: `${address}:${wanted} (TCP)`, protocol: 'TCP', port: wanted });
		}
	}
}

async function respond(
	request: IncomingMessage,
	response: ServerResponse,
	answer: (request: WebRequest) => Promise<WebAnswer> | WebAnswer,
): Promise<void> {
	response.sendDate = false; // not in the answers that were recorded
	const pieces: Uint8Array[] = [];
	let size = 0;
	try {
		for await (const piece of request as AsyncIterable<Uint8Array>) {
			size += piece.length;
			if (size > LARGEST_BODY) return void request.destroy();
			pieces.push(piece);
		}
		const {
			status,
			headers = {},
			body = '',
		} = await answer({
			method: request.method ?? '',
			target: request.url ?? '',
			userAgent: request.headers['user-agent'],
			from: request.socket.remoteAddress ?? '',
			body: joinBytes(pieces),
		});
		const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
		response.writeHead(status, { 'Content-Length': String(bytes.length), Connection: 'close', ...headers });
		response.end(request.method === 'HEAD' ? undefined : bytes);
	} catch {
		if (!response.headersSent) response.writeHead(500, { Connection: 'close' });
		response.end();
	}
}
