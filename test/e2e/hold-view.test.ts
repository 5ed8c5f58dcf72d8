/** The live view of `hold` on a real terminal. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { noTerminal, Terminal } from './terminal.ts';

const none = noTerminal();
const VIEW = /[○●] \S+ :\d+ /;
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[\\d*m`);

describe.skipIf(none)(`hold on a terminal${none === undefined ? '' : ` (${none})`}`, () => {
	test.each([
		['in colours', {}, { view: true, colours: true }],
		['without colours', { NO_COLOR: '1' }, { view: true, colours: false }],
		['that cannot move its cursor', { TERM: 'dumb' }, { view: false, colours: false }],
	])('%s', async (_, env, { view, colours }) => {
		const folder = mkdtempSync(join(tmpdir(), 'cw-hold-view-'));
		try {
			const args = ['--address', '127.0.0.1', '--name', 'studio', '--listen', '127.0.0.1:0', '--config-dir', folder];
			using it = new Terminal(['hold', ...args, '--ssdp-port', String(await freePort())], { env });
			await it.shows('is shared at', 'Cameras can find this computer', ...(view ? [VIEW] : []));
			expect(COLOUR.test(it.bytes)).toBe(colours);
			it.press('C-c');
			const { code, screen } = await it.end();
			expect(code).toBe(130);
			// The view has gone; what stays is what was told. (What is cleared from the first line on, tmux keeps.)
			expect(screen.slice(screen.indexOf('is shared at'))).not.toMatch(VIEW);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
});
