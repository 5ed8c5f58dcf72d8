/** The log file on a disk that tells a failed write only when the file is closed, as NFS does. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alwaysForeground } from '#base/foreground.ts';
import { present } from '#cli/present/index.ts';
import type { Call } from '#cli/program.ts';
import type { TerminalFacts } from '#cli/terminal.ts';

test('a failure to close the log does not fail the run', async () => {
	const folder = fs.mkdtempSync(join(tmpdir(), 'canon-wifi-log-'));
	const { closeSync } = fs;
	const call = { command: ['doctor'], flags: { logFile: join(folder, 'log') } } as unknown as Call;
	const facts = { env: {}, flags: {}, columns: 80 } as unknown as TerminalFacts;
	const presentation = await present(call, facts, false, alwaysForeground);
	fs.closeSync = (fd) => {
		closeSync(fd);
		throw Object.assign(new Error('EIO'), { code: 'EIO' });
	};
	syncBuiltinESMExports();
	try {
		await expect(presentation.close()).resolves.toBeUndefined();
	} finally {
		fs.closeSync = closeSync;
		syncBuiltinESMExports();
		fs.rmSync(folder, { recursive: true });
	}
});

test('the log of a hold contains what its live view shows instead of lines', async () => {
	const folder = fs.mkdtempSync(join(tmpdir(), 'canon-wifi-log-'));
	const file = join(folder, 'log');
	const call = { command: ['hold'], flags: { logFile: file } } as unknown as Call;
	const facts = { stderrIsTerminal: true, env: {}, flags: {}, columns: 80 } as unknown as TerminalFacts;
	const presentation = await present(call, facts, false, alwaysForeground);
	try {
		const view = presentation.hold?.view(() => ({ v: 1, pid: 1, age: 0, cameras: [] }));
		presentation.on({ type: 'attempt', number: 1, tool: 'builtin', address: '192.168.1.45', outcome: 'refused' });
		view?.close();
		expect(view).toBeDefined();
		expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({ type: 'attempt', outcome: 'refused' });
	} finally {
		await presentation.close();
		fs.rmSync(folder, { recursive: true });
	}
});
