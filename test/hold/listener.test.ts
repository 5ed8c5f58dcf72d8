import { once } from 'node:events';
import { connect, createServer, Server } from 'node:net';
import { expect, test, vi } from 'vitest';
import { listen } from '#hold/listener.ts';

const at = (port: number, mayMove: boolean) => ({ address: '127.0.0.1', port, mayMove });

test('a port that Windows excludes is skipped, however long the range is, or reported', async () => {
	const { listen: real } = Server.prototype;
	using _ = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args: unknown[]) {
		const [{ port }] = args as [{ port: number }];
		if (port < 15_700 || port >= 16_700) return Reflect.apply(real, this, args) as Server;
		process.nextTick(() => this.emit('error', Object.assign(new Error('listen EACCES: permission denied'), { code: 'EACCES' })));
		return this;
	});
	const taken: string[] = [];
	const listener = await listen(at(15_740, true), (socket) => taken.push(socket.destroy().remoteAddress ?? ''), 'win32');
	const client = connect(listener.port, '127.0.0.1');
	await once(client, 'close');
	expect(taken).toHaveLength(1);
	await listener.close();
	const asked = listen(at(15_740, false), () => {}, 'win32');
	await expect(asked).rejects.toMatchObject({ code: 'portExcluded', next: expect.stringContaining('--listen ADDRESS:PORT') });
	await expect(listen(at(15_740, true), () => {}, 'linux')).rejects.toMatchObject({ code: 'cannotListen' });
});

test('a taken port is skipped, unless the user asked for it', async () => {
	const holder = createServer().listen(0, '127.0.0.1');
	await once(holder, 'listening');
	const bound = holder.address();
	const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
	const listener = await listen(at(port, true), () => {});
	expect(listener.port).not.toBe(port);
	await listener.close();
	await expect(listen(at(port, false), () => {})).rejects.toMatchObject({ code: 'listenTaken' });
	holder.close();
});
