import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { connectionsOf, establishedTo } from '#tools/run/sockets.ts';

/** As proc_net_tcp(5) lays it out: a listener, the two connections of a session, one that is only being opened, one to another port. */
const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:3D7C 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1001 1 0000000000000000 100 0 0 10 0
   1: 1401A8C0:A2B4 2D01A8C0:3D7C 01 00000000:00000000 00:00000000 00000000  1000        0 1002 1 0000000000000000 20 4 30 10 -1
   2: 1401A8C0:A2B6 2D01A8C0:3D7C 01 00000000:00000000 00:00000000 00000000  1000        0 1003 1 0000000000000000 20 4 30 10 -1
   3: 1401A8C0:A2B8 2D01A8C0:3D7C 02 00000001:00000000 01:00000012 00000000  1000        0 1004 2 0000000000000000 20 4 30 10 -1
   4: 1401A8C0:A2BA 2D01A8C0:0050 01 00000000:00000000 00:00000000 00000000  1000        0 1005 1 0000000000000000 20 4 30 10 -1
`;

test('the established connections to 192.168.1.45:15740, in the byte order of the computer', () => {
	expect([...establishedTo(TABLE, '192.168.1.45', 15740, 'LE')]).toEqual(['1002', '1003']);
	expect([...establishedTo(TABLE, '45.1.168.192', 15740, 'BE')]).toEqual(['1002', '1003']);
	expect([...establishedTo(TABLE, '192.168.1.46', 15740, 'LE')]).toEqual([]);
	expect([...establishedTo('', '192.168.1.45', 15740, 'LE')]).toEqual([]);
});

test.skipIf(process.platform !== 'linux')(
	'a program behind a wrapper that waits for bytes is seen, and that it woke in between',
	async () => {
		await using server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const arrived = once(server, 'connection');
		// The inner shell reads from its connection, line by line; the outer one only waits for it.
		const reads = `exec 3<>/dev/tcp/127.0.0.1/${port}; while read -r -u 3 line; do :; done`;
		const child = spawn('bash', ['-c', 'bash -c "$0"; true', reads], { stdio: 'ignore' });
		try {
			const [socket] = await arrived;
			const pid = child.pid ?? 0;
			const first = await vi.waitFor(async () => {
				const seen = await connectionsOf(pid, '127.0.0.1', port);
				expect(seen).toEqual({ open: 1, waiting: expect.stringMatching(/^\d+ /) });
				return seen;
			});
			expect(await connectionsOf(pid, '127.0.0.1', port)).toEqual(first);
			socket.write('something\n');
			await vi.waitFor(async () => {
				const seen = await connectionsOf(pid, '127.0.0.1', port);
				expect(seen.waiting).toMatch(/^\d+ /);
				expect(seen.waiting).not.toBe(first.waiting);
			});
			expect(await connectionsOf(process.pid, '127.0.0.1', port + 1)).toEqual({ open: 0 });
			const gone = once(child, 'close');
			socket.end();
			await gone;
			expect(await connectionsOf(pid, '127.0.0.1', port)).toEqual({ open: 0 });
		} finally {
			child.kill('SIGKILL');
		}
	},
);
