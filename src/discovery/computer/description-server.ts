/** The description server on node:http: one document for cameras, and little patience with everything else. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { anotherPortHelps, listenFailure, portsToTry } from '#base/listen-failure.ts';
import { describeDevice, requestPath } from '#protocol/upnp/description.ts';
import { answerFields, bareAnswer, statusOf } from '#protocol/upnp/request.ts';
import { listenError } from '#system/listen-error.ts';
import { readTemplate } from '#system/templates.ts';
import type { DescriptionListeners, DescriptionOptions, DescriptionServer } from '../ports.ts';
import { WaitingConnections } from './rules/connections.ts';
import { Reads } from './rules/reads.ts';

/** How patient the server is. Times in milliseconds. */
export interface Patience {
	/** For a whole request, from the moment of connecting. */
	request: number;
	/** For the other side to take its answer and go, before it is cut off. */
	parting: number;
}

/** A camera asks within milliseconds; its Wi-Fi may lose a packet or two. */
export const PATIENCE: Patience = { request: 5000, parting: 1000 };
const LONGEST_HEADER = 4096;
const LONGEST_USER_AGENT = 256;
/** Ports tried one after the other before the system is asked for any. */
const PORTS_TRIED = 20;

/** `DescriptionServer` on node:http. `now`: milliseconds that never go back. `platform`: Node's `process.platform`. */
export function descriptionServer(
	patience: Patience = PATIENCE,
	now: () => number = () => performance.now(),
	platform: string = process.platform,
): DescriptionServer {
	return {
		async open(options, on) {
			const document = Buffer.from(describeDevice(readTemplate('device-description.xml'), options), 'utf8');
			const server = serve(document, options, patience, on, now);
			await listen(server, options, platform);
			const closed = new Promise<void>((resolve) => server.once('close', resolve));
			return {
				port: (server.address() as AddressInfo).port,
				close() {
					if (server.listening) server.close();
					server.closeAllConnections();
					return closed;
				},
			};
		},
	};
}

function serve(document: Buffer, options: DescriptionOptions, patience: Patience, on: DescriptionListeners, now: () => number): Server {
	const path = requestPath(options.path);
	const reads = new Reads();
	const waiting = new WaitingConnections<Socket>();
	/** Connections that have their answer, the only one they get. */
	const answered = new WeakSet<Duplex>();

	const answer = (request: IncomingMessage, response: ServerResponse) => {
		const { socket, method = '', url = '', httpVersion: version } = request;
		if (answered.has(socket)) return;
		answered.add(socket);
		waiting.leave(socket);
		const from = socket.remoteAddress ?? '';
		const status = statusOf({ method, target: url, version }, path);
		const body = status === 200 ? document : Buffer.alloc(0);
		if (status === 200 && method === 'GET') {
			const userAgent = request.headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null;
			response.once('finish', () => {
				const { tell, untold } = reads.judge(from, now());
				if (tell) on.read(from, userAgent, untold);
			});
		}
		response.writeHead(status, answerFields(status, body.length)).end(body);
		part(socket, patience.parting);
	};

	/** Says goodbye on a connection whose request nobody can understand. */
	const refuse = (socket: Duplex, status: 400 | 405) => {
		if (answered.has(socket)) return;
		answered.add(socket);
		waiting.leave(socket as Socket);
		if (socket.writable) socket.end(bareAnswer(status));
		part(socket as Socket, patience.parting);
	};

	const server = createServer({
		maxHeaderSize: LONGEST_HEADER,
		connectionsCheckingInterval: Math.max(patience.request / 10, 10),
		// Cameras' requests have never been recorded: LF line ends, odd fields or no Host must not cost the pairing. There is
		// one document and one request a connection, so nothing can be smuggled.
		requireHostHeader: false,
		insecureHTTPParser: true,
	});
	server.headersTimeout = patience.request;
	server.requestTimeout = patience.request;
	server.on('connection', (socket) => {
		socket.on('error', () => socket.destroy()); // resets are ordinary; nobody needs to know
		socket.once('close', () => waiting.leave(socket));
		const address = socket.remoteAddress ?? '';
		waiting.enter(socket, address, options.expected?.(address))?.destroy();
	});
	server.on('request', answer);
	server.on('checkContinue', answer);
	server.on('checkExpectation', answer);
	server.on('connect', (_request, socket) => refuse(socket, 405));
	server.on('clientError', (_error, socket) => refuse(socket, 400));
	return server;
}

/** Cuts a connection that has its answer off for good, whether or not its other side is done. */
function part(socket: Socket, afterMs: number): void {
	const limit = setTimeout(() => socket.destroy(), afterMs);
	socket.once('close', () => clearTimeout(limit));
}

async function listen(server: Server, { bind, port, mayMove }: DescriptionOptions, platform: string): Promise<void> {
	for (const candidate of portsToTry(port, mayMove, PORTS_TRIED)) {
		const error = await tryPort(server, bind, candidate);
		if (error === undefined) return;
		const at = { protocol: 'TCP', address: bind, port: candidate } as const;
		if (candidate !== 0 && mayMove && anotherPortHelps(listenFailure(error.code, { ...at, platform }))) continue;
		throw listenError(error, at, platform);
	}
}

/** Listens, and resolves to the error if that did not work. To test first and listen then would be a race. */
function tryPort(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
	return new Promise((resolve) => {
		const failed = (error: NodeJS.ErrnoException) => {
			server.off('listening', listening);
			resolve(error);
		};
		const listening = () => {
			server.off('error', failed);
			resolve(undefined);
		};
		server.once('error', failed).once('listening', listening).listen({ host, port });
	});
}
