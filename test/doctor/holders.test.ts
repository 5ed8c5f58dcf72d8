import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from 'vitest';
import { linuxHolders } from '#doctor/holders.ts';
import { tryTcp, tryUdp } from '#doctor/sockets.ts';
import { skipUnless } from '../support/skip.ts';

const skip = skipUnless(process.platform === 'linux', 'only Linux has /proc/net');

test.skipIf(skip)('a UDP port is found with the process that has it, on IPv4 and IPv6', async () => {
	const four = dgram.createSocket({ type: 'udp4', reuseAddr: false });
	const six = dgram.createSocket({ type: 'udp6', ipv6Only: true });
	try {
		four.bind(0, '127.0.0.1');
		await once(four, 'listening');
		const { port } = four.address();
		six.bind(port, '::1');
		await once(six, 'listening');
		const { holders, blind } = linuxHolders('udp', port);
		expect(blind).toBeNull();
		expect(holders).toEqual([
			{ pid: process.pid, program: expect.stringContaining('node'), address: '127.0.0.1' },
			{ pid: process.pid, program: expect.stringContaining('node'), address: '0:0:0:0:0:0:0:1' },
		]);
		expect(await tryUdp(port, '127.0.0.1')).toBe('EADDRINUSE');
		expect(linuxHolders('tcp', port).holders.filter(({ pid }) => pid === process.pid)).toEqual([]);
	} finally {
		four.close();
		six.close();
	}
});

test.skipIf(skip)('a TCP port counts while somebody listens, not for its connections', async () => {
	const server = net.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as net.AddressInfo;
	const client = net.connect(port, '127.0.0.1');
	await once(client, 'connect');
	expect(linuxHolders('tcp', port).holders).toEqual([{ pid: process.pid, program: expect.any(String), address: '127.0.0.1' }]);
	expect(await tryTcp(port, '127.0.0.1')).toBe('EADDRINUSE');
	client.destroy();
	server.close();
	await once(server, 'close');
	expect(linuxHolders('tcp', port).holders).toEqual([]);
	expect(await tryTcp(port, '127.0.0.1')).toBeNull();
});

test('a shared UDP port can be opened too', async () => {
	const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
	socket.bind(0);
	await once(socket, 'listening');
	expect(await tryUdp(socket.address().port, '127.0.0.1')).toBeNull();
	socket.close();
});

test('a UDP port is tried on the announced address too, as the responder opens it', async () => {
	expect(await tryUdp(0, '127.0.0.1')).toBeNull();
	expect(await tryUdp(0, '192.0.2.99')).toBe('EADDRNOTAVAIL');
});

test('without /proc it says that it cannot look', () => {
	expect(linuxHolders('udp', 1900, '/nonexistent')).toEqual({ holders: [], blind: '/nonexistent/net/udp cannot be read' });
});
