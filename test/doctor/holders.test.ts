import dgram from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { linuxHolders } from '#doctor/holders.ts';
import { runProgram, systemCommand } from '#doctor/run-program.ts';
import { tryTcp, tryUdp } from '#doctor/sockets.ts';
import { systemTables } from '#network/neighbours.ts';
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

test('a program that is missing, fails or never ends is no exception', async () => {
	expect(await runProgram('canon-wifi-no-such-program', [])).toMatchObject({ missing: true });
	expect(await runProgram(process.execPath, ['-e', 'process.stderr.write("no"); process.exit(3)'])).toMatchObject({
		code: 3,
		stderr: 'no',
		missing: false,
	});
	expect(await runProgram(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])).toMatchObject({ code: null, missing: false });
});

test.skipIf(process.platform === 'win32' && 'a shell script stands in for the planted program')(
	'a program that lies in the current folder is not run, even if PATH says so',
	async () => {
		const folder = mkdtempSync(path.join(tmpdir(), 'canon-wifi-planted-'));
		const before = process.env.PATH;
		try {
			writeFileSync(path.join(folder, 'canon-wifi-planted'), '#!/bin/sh\necho planted\n', { mode: 0o755 });
			process.env.PATH = `${path.relative(process.cwd(), folder)}:${before}`;
			expect(await runProgram('canon-wifi-planted', [])).toMatchObject({ stdout: '', missing: true });
			expect(await systemTables().run('canon-wifi-planted', [])).toBe('');
			process.env.PATH = `${folder}:${before}`;
			expect((await runProgram('canon-wifi-planted', [])).stdout).toBe('planted\n'); // it does run
		} finally {
			process.env.PATH = before;
			rmSync(folder, { recursive: true });
		}
	},
);

test('on Windows, where the current folder comes before PATH, system programs are named in full', () => {
	const windows = (name: string) => systemCommand(name, 'win32', { SystemRoot: 'C:\\Windows', Path: 'C:\\x' });
	for (const name of ['netstat', 'netsh', 'route', 'tasklist', 'reg'])
		expect(windows(name)).toMatchObject({ file: `C:\\Windows\\System32\\${name}.exe`, env: { Path: 'C:\\x' } });
	expect(windows('D:\\tool.exe').file).toBe('D:\\tool.exe');
});
