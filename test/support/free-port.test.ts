import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { ephemeralStart, freePort } from './free-port.ts';

test('free ports differ, lie below those that systems give to outgoing connections, and can be listened on', async () => {
	const ports = await Promise.all(Array.from({ length: 20 }, () => freePort()));
	expect(new Set(ports).size).toBe(20);
	for (const port of ports) {
		expect(port).toBeLessThan(ephemeralStart());
		expect(port).toBeGreaterThan(15_740);
		const server = createServer().listen(port);
		await once(server, 'listening');
		server.close();
	}
});

test('a port that somebody listens on is not given out', async () => {
	const random = Math.random;
	const taken = await freePort();
	const server = createServer().listen(taken - 1);
	await once(server, 'listening');
	// Its neighbour first, then any.
	let first = true;
	Math.random = () => {
		if (!first) return random();
		first = false;
		return (ephemeralStart() - taken) / 10_000;
	};
	try {
		expect(await freePort()).not.toBe(taken - 1);
	} finally {
		Math.random = random;
		server.close();
	}
});
