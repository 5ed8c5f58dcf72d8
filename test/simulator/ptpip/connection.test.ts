import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { realClock } from '#simulator/clock.ts';
import { cameraConnection } from '#simulator/ptpip/connection.ts';

test.each([undefined, 1000])('what was sent before the end arrives, at a rate of %s bytes a second', async (rate) => {
	const server = createServer();
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const accepted = once(server, 'connection');
	const client = connect({ port: (server.address() as { port: number }).port, host: '127.0.0.1' });
	const [socket] = (await accepted) as [Socket];
	const connection = cameraConnection(socket, realClock, rate);
	void connection.out.send({ kind: 'initFail', reason: 1 });
	connection.end('it is refused');
	const got: Buffer[] = [];
	for await (const bytes of client) got.push(bytes as Buffer);
	expect(Buffer.concat(got).toString('hex')).toBe('0c0000000500000001000000');
	server.close();
});
