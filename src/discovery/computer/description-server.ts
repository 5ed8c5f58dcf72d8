/** The description server on node:http: one document for cameras, and short time limits for everything else. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { anotherPortHelps, listenFailure, portsToTry } from '#base/listen-failure.ts';
import { describeDevice, requestPath } from '#protocol/upnp/description.ts';
import { answerFields, bareAnswer, statusOf } from '#protocol/upnp/request.ts';
import { listenError } from '#system/listen-error.ts';
import { readTemplate } from '#system/templates.ts';
import type { DescriptionListeners, DescriptionOptions, DescriptionServer } from '../ports.ts';
import { ReadReportLimiter } from './rules/read-report-limiter.ts';
import { WaitingConnections } from './rules/waiting-connections.ts';

/** Time limits of one connection, in milliseconds. */
export interface DescriptionTimeouts {
	/** For a whole request, from the moment of connecting. */
	requestMs: number;
	/** For the other side to take its answer and close, before we close the connection. */
	lingerMs: number;
}

/** A camera sends its request within milliseconds; its Wi-Fi may lose a packet or two. */
export const DESCRIPTION_TIMEOUTS: DescriptionTimeouts = { requestMs: 5000, lingerMs: 1000 };
const LONGEST_HEADER = 4096;
const LONGEST_USER_AGENT = 256;
/** Number of ports tried in turn before the system is asked for any free one. */
const PORTS_TRIED = 20;

/**
 * Creates a `DescriptionServer` on node:http.
 * @param now monotonic milliseconds
 * @param platform Node's `process.platform`
 */
export function descriptionServer(
	timeouts: DescriptionTimeouts = DESCRIPTION_TIMEOUTS,
	now: () => number = () => performance.now(),
	platform: string = process.platform,
): DescriptionServer {
	return {
		async open(options, on) {
			const document = Buffer.from(describeDevice(readTemplate('device-description.xml'), options), 'utf8');
			const server = serve(document, options, timeouts, on, now);
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

function serve(
	document: Buffer,
	options: DescriptionOptions,
	timeouts: DescriptionTimeouts,
	on: DescriptionListeners,
	now: () => number,
): Server {
	const path = requestPath(options.path);
	const reads = new ReadReportLimiter();
	const waiting = new WaitingConnections<Socket>();
	/** Connections that were answered: each gets one answer. */
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
				const { report, suppressed } = reads.decide(from, now());
				if (report) on.read(from, userAgent, suppressed);
			});
		}
		response.writeHead(status, answerFields(status, body.length)).end(body);
		closeAfter(socket, timeouts.lingerMs);
	};

	/** Answers a request that cannot be understood. */
	const refuse = (socket: Duplex, status: 400 | 405) => {
		if (answered.has(socket)) return;
		answered.add(socket);
		waiting.leave(socket as Socket);
		if (socket.writable) socket.end(bareAnswer(status));
		closeAfter(socket as Socket, timeouts.lingerMs);
	};

	const server = createServer({
		maxHeaderSize: LONGEST_HEADER,
		connectionsCheckingInterval: Math.max(timeouts.requestMs / 10, 10),
		// No camera's request has been recorded. LF line ends, odd fields or a missing Host must not make pairing fail. With one
		// document and one request per connection, lenient parsing allows no request smuggling.
		requireHostHeader: false,
		insecureHTTPParser: true,
	});
	server.headersTimeout = timeouts.requestMs;
	server.requestTimeout = timeouts.requestMs;
	server.on('connection', (socket) => {
		socket.on('error', () => socket.destroy()); // resets are ordinary
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

/** Closes an answered connection after this long, whether or not the other side has closed it. */
function closeAfter(socket: Socket, afterMs: number): void {
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

/** Listens, and resolves to the error if that fails. Testing the port first would be a race. */
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
