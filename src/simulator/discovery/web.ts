/** The camera's small HTTP server. It is bound to the camera's address, and uses the next free port if its own is taken. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { joinBytes } from '#base/bytes.ts';
import { anotherPortHelps, listenFailure, portsToTry } from '#base/listen-failure.ts';
import { bindError } from '../bind-error.ts';

/** A request to the camera. */
export interface WebRequest {
	method: string;
	/** Path and query exactly as received. */
	target: string;
	userAgent: string | undefined;
	from: string;
	body: Uint8Array;
}

/** The camera's answer. */
export interface WebAnswer {
	status: number;
	headers?: Readonly<Record<string, string>> | undefined;
	body?: string | Uint8Array | undefined;
}

/** A running server. */
export interface Web {
	port: number;
	close(): Promise<void>;
}

/** How many ports are tried in turn before the system picks any free one. */
const PORTS_TRIED = 20;
/** Longest accepted request body in bytes. */
const LARGEST_BODY = 64 * 1024;

/** Serves until it is closed. Port 0 means any free one. Rejects if no port can be opened. If `answer` throws, the status is 500. */
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
	response.sendDate = false; // recorded answers have no Date
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
