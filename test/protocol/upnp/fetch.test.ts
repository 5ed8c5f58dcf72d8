import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { fetchDescription } from '#protocol/upnp/fetch.ts';
import { HOST } from '../../simulator/world.ts';

afterEach(() => void vi.useRealTimers());

test.each<[string, (response: ServerResponse) => void]>([
	['says nothing', () => {}],
	['stops in the middle', (response) => void response.writeHead(200, { 'Content-Length': '1000' }).write('<root>')],
])('a computer that %s is given up after five seconds', async (_what, serve) => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
	const server = createServer((_request, response) => serve(response));
	server.listen(0, HOST);
	await once(server, 'listening');
	const asked = once(server, 'request');
	const url = new URL(`http://${HOST}:${(server.address() as AddressInfo).port}/desc.xml`);
	const fetched = fetchDescription(url, HOST, new AbortController().signal).then(
		() => 'fetched',
		(error: Error) => error.message,
	);
	try {
		await asked;
		vi.advanceTimersByTime(4999);
		expect(await Promise.race([fetched, new Promise((resolve) => setImmediate(resolve, 'waiting'))])).toBe('waiting');
		vi.advanceTimersByTime(1);
		expect(await fetched).toMatch(/in time/);
	} finally {
		server.closeAllConnections();
		server.close();
	}
});
