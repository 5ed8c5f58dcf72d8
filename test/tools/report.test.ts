/** The report of a tool where a pipe cannot be used. */
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Report } from '#tools/output/report.ts';
import { skipUnless } from '../support/skip.ts';

test.skipIf(skipUnless(process.platform !== 'win32', 'Windows has no sockets in folders'))(
	'what is there but cannot be opened, as a pipe on some file systems, is replaced by a file',
	async () => {
		const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-report-'));
		const path = join(folder, 'report');
		const server = createServer().listen(path);
		await once(server, 'listening');
		const report = new Report(path);
		try {
			expect(statSync(path).isFile()).toBe(true);
			appendFileSync(path, 'Connected\n');
			expect(report.read()).toEqual(['Connected']);
		} finally {
			report.close();
			server.close();
			rmSync(folder, { recursive: true });
		}
	},
);
