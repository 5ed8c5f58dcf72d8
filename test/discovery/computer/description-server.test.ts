import { connect, createServer, Server, type Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { type DescriptionTimeouts, descriptionServer } from '#discovery/computer/description-server.ts';
import type { DescriptionOptions } from '#discovery/ports.ts';
import { fuzzRuns } from '../../support/fuzz.ts';
import { all, connected, say } from './raw.ts';

const ASK = 'GET /desc.xml HTTP/1.1\r\n\r\n';

async function server(options: Partial<DescriptionOptions> = {}, patience?: DescriptionTimeouts, platform?: string) {
	const reads: [string, string | null][] = [];
	const { port, close } = await descriptionServer(patience, undefined, platform).open(
		{
			bind: '127.0.0.1',
			port: 0,
			mayMove: false,
			path: 'desc.xml',
			uuid: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
			name: 'Käthe & Co',
			...options,
		},
		{ read: (from, userAgent) => reads.push([from, userAgent]) },
	);
	return { port, reads, close, [Symbol.asyncDispose]: close };
}

test('a minimal request gets the description as Windows would send it', async () => {
	await using ours = await server();
	const [head = '', body = ''] = (await say(ours.port, ASK)).split('\r\n\r\n');
	const [status, ...fields] = head.split('\r\n');
	expect(status).toBe('HTTP/1.1 200 OK');
	expect(fields.filter((field) => !field.startsWith('Date: '))).toEqual([
		'Server: Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0 Microsoft-HTTPAPI/2.0',
		'Content-Type: text/xml; charset="utf-8"',
		`Content-Length: ${Buffer.byteLength(body)}`,
		'Connection: close',
	]);
	expect(body).toContain('<friendlyName>Käthe &amp; Co: canon-wifi:</friendlyName>');
	expect(ours.reads).toEqual([['127.0.0.1', null]]);
});

test.each([
	['of HTTP/1.0', 'GET /desc.xml HTTP/1.0\r\n\r\n'],
	['with LF line ends', 'GET /desc.xml HTTP/1.1\nHost: x\n\n'],
	['for a whole URL', 'GET http://127.0.0.1:8043/desc.xml HTTP/1.1\r\n\r\n'],
	['with odd fields', 'GET /desc.xml HTTP/1.1\r\nHost:\r\nHost: twice\r\nX: \x01\x80\r\nExpect: 100-continue\r\n\r\n'],
	['that wants to be upgraded', 'GET /desc.xml HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n'],
	['that expects wonders', 'GET /desc.xml HTTP/1.1\r\nExpect: wonders\r\n\r\n'],
])('a request %s is answered', async (_how, request) => {
	await using ours = await server();
	expect(await say(ours.port, request)).toContain('HTTP/1.1 200 OK\r\n');
	expect(ours.reads).toHaveLength(1);
});

test('a request that comes byte by byte is answered', async () => {
	await using ours = await server();
	const socket = await connected(ours.port);
	socket.setNoDelay(true);
	const answer = all(socket);
	for (const byte of ASK) await new Promise((resolve) => socket.write(byte, resolve));
	expect(await answer).toContain('200 OK');
});

test('HEAD gets the same fields without the document, and does not count as a read', async () => {
	await using ours = await server();
	const answer = await say(ours.port, 'HEAD /desc.xml HTTP/1.1\r\n\r\n');
	expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^<]*Content-Length: \d{3}\r\n[^<]*\r\n\r\n$/);
	expect(ours.reads).toEqual([]);
});

test.each([
	['for another path', 'GET / HTTP/1.1\r\n\r\n', 404],
	['with a query', 'GET /desc.xml?x=1 HTTP/1.1\r\n\r\n', 404],
	['that climbs', 'GET /../../etc/passwd HTTP/1.1\r\n\r\n', 404],
	['to change something', 'POST /desc.xml HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc', 405],
	['for a tunnel', 'CONNECT a:1 HTTP/1.1\r\n\r\n', 405],
	['that is none', 'hello\r\n\r\n', 400],
	['in TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
	['of another HTTP', 'GET /desc.xml HTTP/9.9\r\n\r\n', 400],
	['of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
	['with a long field', `GET /desc.xml HTTP/1.1\r\nX: ${'y'.repeat(5000)}\r\n\r\n`, 400],
	['with many fields', `GET /desc.xml HTTP/1.1\r\n${'X: y\r\n'.repeat(5000)}\r\n\r\n`, 400],
	['for a long path', `GET /${'y'.repeat(100_000)} HTTP/1.1\r\n\r\n`, 400],
])('a request %s gets no document', async (_what, request, status) => {
	await using ours = await server();
	const answer = await say(ours.port, request);
	expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
	expect(answer.match(/^HTTP\//gm)).toHaveLength(1);
	expect(ours.reads).toEqual([]);
});

test('many requests on one connection get one answer', async () => {
	await using ours = await server();
	expect((await say(ours.port, ASK.repeat(50))).match(/200 OK/g)).toHaveLength(1);
	expect(ours.reads).toHaveLength(1);
});

test('a flood of reads causes few events, and another address’s first read is still reported', async () => {
	const reads: [string, number?][] = [];
	const clock = () => 0; // all within one moment
	const flooded = await descriptionServer(undefined, clock).open(
		{ bind: '127.0.0.1', port: 0, mayMove: false, path: 'desc.xml', uuid: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', name: 'x' },
		{ read: (from, _userAgent, suppressed) => reads.push(suppressed === undefined ? [from] : [from, suppressed]) },
	);
	try {
		for (let i = 0; i < 40; i++) expect(await say(flooded.port, ASK, '127.0.0.66')).toContain('200 OK');
		await say(flooded.port, ASK, '127.0.0.2');
		expect(reads).toEqual([['127.0.0.66'], ['127.0.0.66'], ['127.0.0.2', 38]]);
	} finally {
		await flooded.close();
	}
});

test('the User-Agent is reported, truncated', async () => {
	await using ours = await server();
	await say(ours.port, `GET /desc.xml HTTP/1.1\r\nUser-Agent: Canon ${'x'.repeat(3000)}\r\n\r\n`);
	expect(ours.reads[0]?.[1]).toMatch(/^Canon x{250}$/);
});

test('slow and silent connections are closed', async () => {
	await using ours = await server({}, { requestMs: 200, lingerMs: 100 });
	const silent = await connected(ours.port);
	const slow = await connected(ours.port);
	const drip = setInterval(() => slow.write('X'), 20);
	slow.write('GET /desc.xml HTTP/1.1\r\n');
	const neverDone = await connected(ours.port);
	neverDone.write('POST /desc.xml HTTP/1.1\r\nContent-Length: 1000000\r\n\r\nabc');
	slow.on('error', () => {});
	const answers = await Promise.all([silent, slow, neverDone].map(all));
	clearInterval(drip);
	expect(answers.map((answer) => answer.slice(0, 12))).toEqual(['HTTP/1.1 400', 'HTTP/1.1 400', 'HTTP/1.1 405']);
});

test.each([
	['what nobody understands', 'hello\r\n\r\n', 400],
	['a tunnel', 'CONNECT a:1 HTTP/1.1\r\n\r\n', 405],
])('a connection that asked for %s and never closes is closed after its answer', async (_what, request, status) => {
	await using ours = await server({}, { requestMs: 60_000, lingerMs: 50 });
	// Half-open: it does not hang up when the server has, so that only being cut off ends it.
	const socket = connect({ port: ours.port, host: '127.0.0.1', allowHalfOpen: true });
	const closed = all(socket);
	const endless = setInterval(() => socket.write('hello\r\n'), 5); // it finds out when it writes
	socket.write(request);
	expect(await closed).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
	clearInterval(endless);
});

test('500 idle connections do not keep a camera out, whether they come from its address or from others', async () => {
	await using ours = await server();
	const idle = await Promise.all(Array.from({ length: 500 }, (_, i) => connected(ours.port, `127.0.0.${1 + (i % 50)}`)));
	for (const socket of idle) socket.on('error', () => {});
	expect(await say(ours.port, ASK, '127.0.0.1')).toContain('200 OK');
	expect(await say(ours.port, ASK, '127.0.0.99')).toContain('200 OK');
	expect(ours.reads.map(([from]) => from)).toEqual(['127.0.0.1', '127.0.0.99']);
	for (const socket of idle) socket.destroy();
});

test('a slow camera is served while 200 addresses reconnect whenever they are closed', async () => {
	await using ours = await server();
	const noise: Socket[] = [];
	const come = async (n: number) => {
		const socket = await connected(ours.port, `127.0.1.${1 + (n % 200)}`);
		socket.on('error', () => {}).resume();
		noise.push(socket);
	};
	for (let n = 0; n < 100; n++) await come(n);
	const camera = await connected(ours.port, '127.0.0.2');
	const answer = all(camera);
	for (let n = 100; n < 900; n++) await come(n);
	camera.write(ASK);
	expect(await answer).toContain('200 OK');
	for (const socket of noise) socket.destroy();
});

test('an address that has searched lately is served while more addresses connect than there is room for', async () => {
	await using ours = await server({ expected: (address) => address === '127.0.0.2' });
	const camera = await connected(ours.port, '127.0.0.2');
	const answer = all(camera);
	const noise: Socket[] = [];
	for (let n = 0; n < 700; n++) {
		const socket = await connected(ours.port, `127.0.${1 + (n >> 8)}.${1 + (n % 254)}`);
		noise.push(socket.on('error', () => {}).resume());
	}
	camera.write(ASK);
	expect(await answer).toContain('200 OK');
	for (const socket of noise) socket.destroy();
});

test('a taken port is replaced by the next free one, or reported', async () => {
	await using first = await server();
	await using second = await server({ port: first.port, mayMove: true });
	expect(second.port).not.toBe(first.port);
	expect(await say(second.port, ASK)).toContain('200 OK');
	await expect(server({ port: first.port })).rejects.toMatchObject({
		code: 'portTaken',
		exitCode: 69,
		message: expect.stringContaining('TCP'),
	});
});

/** Windows answers EACCES where Hyper-V, WSL2 or Docker have excluded a port. */
function excludes(ports: ReadonlySet<number>) {
	const { listen } = Server.prototype;
	return vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args: unknown[]) {
		const [{ port }] = args as [{ port: number }];
		if (!ports.has(port)) return Reflect.apply(listen, this, args) as Server;
		process.nextTick(() =>
			this.emit('error', Object.assign(new Error(`listen EACCES: permission denied 127.0.0.1:${port}`), { code: 'EACCES' })),
		);
		return this;
	});
}

test('a port that Windows excludes is replaced by the next free one, or reported with how to list the ranges', async () => {
	using _ = excludes(new Set(Array.from({ length: 100 }, (_, i) => 8043 + i)));
	await using ours = await server({ port: 8043, mayMove: true }, undefined, 'win32');
	expect(await say(ours.port, ASK)).toContain('200 OK');
	await expect(server({ port: 8043 }, undefined, 'win32')).rejects.toMatchObject({
		code: 'portExcluded',
		exitCode: 69,
		next: expect.stringContaining('show excludedportrange protocol=tcp'),
	});
	// Elsewhere it is a matter of rights, which no other port changes.
	await expect(server({ port: 8043, mayMove: true }, undefined, 'linux')).rejects.toMatchObject({ code: 'cannotListen' });
});

test('after the last port any free port is used', async () => {
	const holder = createServer()
		.listen(65535, '127.0.0.1')
		.on('error', () => {});
	await using ours = await server({ port: 65535, mayMove: true });
	expect(await say(ours.port, ASK)).toContain('200 OK');
	await new Promise((resolve) => holder.close(resolve));
});

test('an address that this computer does not have is reported', async () => {
	await expect(server({ bind: '192.0.2.77' })).rejects.toMatchObject({ code: 'cannotListen', exitCode: 69 });
});

test('closing ends every connection, and closing twice is fine', async () => {
	const ours = await server();
	const hanging = all(await connected(ours.port));
	await ours.close();
	await ours.close();
	expect(await hanging).toBe('');
	await using again = await server({ port: ours.port });
	expect(again.port).toBe(ours.port);
});

test('garbage does not stop the server', async () => {
	await using ours = await server({}, { requestMs: 300, lingerMs: 300 });
	const runs = fuzzRuns(1500);
	const { below, pick, scribble } = runs;
	const good = new TextEncoder().encode('GET /desc.xml HTTP/1.1\r\nHost: 127.0.0.1:8043\r\nUser-Agent: x\r\n\r\n');
	const requests: Uint8Array[] = [];
	runs.each(() => requests.push(below(4) === 0 ? Uint8Array.from({ length: below(400) }, () => below(256)) : scribble(pick([good]))));
	for (let i = 0; i < requests.length; i += 10)
		await Promise.all(
			requests.slice(i, i + 10).map(async (request) => {
				const socket = await connected(ours.port);
				const answer = all(socket);
				socket.end(request);
				const got = await answer;
				if (got !== '' && !/^HTTP\/1\.1 (?:200|400|404|405) [\s\S]*\r\n\r\n/.test(got)) throw new Error(`${Buffer.from(request)}: ${got}`);
			}),
		);
	expect(await say(ours.port, ASK)).toContain('200 OK');
});
