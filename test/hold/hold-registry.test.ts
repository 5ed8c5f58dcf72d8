import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HoldStatus } from '#contract/hold-status.ts';
import { holdRegistry } from '#hold/hold-registry.ts';
import { skipUnless } from '../support/skip.ts';
import { localSocket, windows } from '../support/systems.ts';

let folder: string;
beforeEach(() => {
	folder = join(mkdtempSync(join(tmpdir(), 'cw-holds-')), 'hold');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const status: HoldStatus = { v: 1, pid: process.pid, age: 3, cameras: [] };

describe('running holds', () => {
	test('are listed with their current status, and disappear once closed', async () => {
		const registry = holdRegistry(folder);
		expect(await registry.list()).toEqual([]);
		let age = 3;
		const announced = await registry.announce(() => ({ ...status, age: age++ }));
		expect(await registry.list()).toEqual([{ ...status, age: 3 }]);
		expect(await registry.list()).toEqual([{ ...status, age: 4 }]);
		await announced.close();
		expect(await registry.list()).toEqual([]);
		expect(readdirSync(folder)).toEqual([]);
	});

	test.skipIf(skipUnless(process.platform !== 'win32', 'Windows has other rights than these'))(
		'are accessible only to their own user',
		async () => {
			const announced = await holdRegistry(folder).announce(() => status);
			const file = join(folder, `${process.pid}.json`);
			expect(statSync(file).mode & 0o777).toBe(0o600);
			expect(statSync(folder).mode & 0o777).toBe(0o700);
			const { socket } = JSON.parse(readFileSync(file, 'utf8')) as { socket: string };
			expect(statSync(join(socket, '..')).mode & 0o077).toBe(0);
			await announced.close();
		},
	);

	test.each(['missing', 'x'.repeat(90)])(
		'are found where there is no place for temporary files (%s), and leave nothing behind',
		async (name) => {
			const place = join(folder, '..', name);
			if (name !== 'missing') mkdirSync(place);
			vi.stubEnv('TMPDIR', place);
			const before = readdirSync('.');
			try {
				const announced = await holdRegistry(folder).announce(() => status);
				expect(await holdRegistry(folder).list()).toEqual([status]);
				await announced.close();
			} finally {
				vi.unstubAllEnvs();
			}
			expect(readdirSync(folder)).toEqual([]);
			expect(readdirSync('.')).toEqual(before);
		},
	);

	test('the leftovers of a dead hold, or of anyone else, are removed', async () => {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, '1.json'), JSON.stringify({ v: 1, pid: 1, socket: join(folder, 'nobody') }));
		writeFileSync(join(folder, '2.json'), 'not json');
		writeFileSync(join(folder, 'README'), 'mine');
		expect(await holdRegistry(folder).list()).toEqual([]);
		expect(readdirSync(folder)).toEqual(['README']);
	});

	test('a file that names a foreign socket is ignored, and the socket is left alone', async () => {
		const socket = localSocket(join(folder, '..'), 'agent');
		mkdirSync(folder, { recursive: true });
		const agent = createServer((connection) => connection.end(`${JSON.stringify(status)}\n`)).listen(socket);
		await once(agent, 'listening');
		// Its number was given to another process since: what answers there is another hold.
		writeFileSync(join(folder, '1.json'), JSON.stringify({ v: 1, pid: 1, socket }));
		expect(await holdRegistry(folder).list()).toEqual([]);
		if (!windows) expect(existsSync(socket)).toBe(true);
		expect(readdirSync(folder)).toEqual([]);
		agent.close();
	});

	test('a hold that sends data endlessly is ignored', async () => {
		const socket = localSocket(join(folder, '..'), 'endless');
		mkdirSync(folder, { recursive: true });
		let told = 0;
		const endless = createServer((connection) => {
			const more = () => {
				while (connection.writable && connection.write(' '.repeat(64 * 1024))) told += 64 * 1024;
			};
			connection.on('drain', more).on('error', () => {});
			more();
		}).listen(socket);
		await once(endless, 'listening');
		writeFileSync(join(folder, '1.json'), JSON.stringify({ v: 1, pid: 1, socket }));
		expect(await holdRegistry(folder).list()).toEqual([]);
		expect(told).toBeLessThan(8 * 1024 * 1024);
		endless.close();
	});

	test('a busy hold is not listed, but its file is kept', async () => {
		const registry = holdRegistry(folder);
		const announced = await registry.announce(() => status);
		const { socket } = JSON.parse(readFileSync(join(folder, `${process.pid}.json`), 'utf8')) as { socket: string };
		// Half open on our side: the server has said all and waits for our end.
		const staying = Array.from({ length: 64 }, () => connect({ path: socket, allowHalfOpen: true }).on('error', () => {}));
		await Promise.all(staying.map((one) => new Promise((resolve) => one.once('connect', resolve))));
		await registry.list();
		expect(readdirSync(folder)).toHaveLength(1);
		for (const one of staying) one.destroy();
		await expect.poll(() => registry.list()).toEqual([status]);
		await announced.close();
	});

	test('a connection that sends data or stays open keeps nobody else out', async () => {
		const registry = holdRegistry(folder);
		const announced = await registry.announce(() => status);
		const { socket } = JSON.parse(readFileSync(join(folder, `${process.pid}.json`), 'utf8')) as { socket: string };
		const staying = Array.from({ length: 10 }, () => connect(socket).on('error', () => {}));
		for (const one of staying) one.write('x'.repeat(100_000));
		expect(await registry.list()).toEqual([status]);
		for (const one of staying) one.destroy();
		await announced.close();
	});
});
