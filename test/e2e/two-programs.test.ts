/** Two canon-wifi on one computer: both are told, in time, what that means. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { network, obstacle } from './network.ts';
import { event, finish, start } from './program.ts';

const why = obstacle();

describe.skipIf(why !== undefined)(`two programs that answer cameras${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
	let lan: ReturnType<typeof network>;
	let folder: string;
	beforeAll(() => {
		lan = network({ pc: { last: 20 } });
		folder = mkdtempSync(join(tmpdir(), 'cw-two-programs-'));
	});
	afterAll(() => {
		lan?.[Symbol.dispose]();
		rmSync(folder, { recursive: true, force: true });
	});
	const options = () => ({ in: lan.hosts.pc?.name, env: { CANON_WIFI_CONFIG_DIR: folder } });
	const serve = (address: string) => start(['serve', address, '--json'], options());

	test('the second is warned of the first, by its process; one on another address is not; doctor tells of both', async () => {
		await using first = serve('10.77.0.20');
		await first.until(event('ready'));
		await using second = serve('10.77.0.20');
		const { message } = await second.until(event('warning', { code: 'otherAnswerer' }));
		const other = Number(/process (\d+)/.exec(String(message))?.[1]);
		expect(message).toBe(`Another canon-wifi (process ${other}) already answers cameras here, on 10.77.0.20.`);
		expect(first.events.some(event('warning'))).toBe(false);

		const { code, events } = await finish(['doctor', '--json'], options());
		expect(code).toBe(0);
		const row = events.find(event('check', { topic: 'UDP 1900' }));
		expect(row).toMatchObject({ state: 'warn', text: expect.stringMatching(/^Another canon-wifi \(process \d+\) already answers/) });

		await using elsewhere = serve('127.0.0.1');
		await elsewhere.until(event('ready'));
		elsewhere.kill('SIGTERM');
		expect(await elsewhere.ended).toBe(143);
		expect(elsewhere.events.some(event('warning', { code: 'otherAnswerer' }))).toBe(false);

		// It is the first one's process, and no other.
		process.kill(other, 'SIGTERM');
		expect(await first.ended).toBe(143);
		expect(first.events.at(-1)).toMatchObject({ type: 'result' });
	});
});
