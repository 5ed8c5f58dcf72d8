/** The real gphoto2's shell on a terminal of its own, made by util-linux `script`. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { gphoto2IsMissing, harness } from '../harness.ts';

const scriptIsMissing = process.platform !== 'linux' || spawnSync('script', ['--version']).status !== 0;
if (scriptIsMissing && process.env.CI === 'true')
	throw new Error('util-linux script is not installed, and with CI=true nothing may be skipped');

test.skipIf(gphoto2IsMissing || scriptIsMissing)(
	'its prompt appears when it is connected, and Ctrl-C is its own (skipped without gphoto2 or `script`)',
	async () => {
		using here = harness();
		const program = join(here.folder, 'on-terminal.cjs');
		await build({
			entryPoints: [fileURLToPath(new URL('on-terminal.ts', import.meta.url))],
			outfile: program,
			bundle: true,
			platform: 'node',
			format: 'cjs',
			target: 'node20',
			logLevel: 'error',
			define: { 'import.meta.url': '"file:///bundled"' },
		});
		const child = spawn('script', ['-qec', `'${process.execPath}' '${program}' '${here.folder}/ours'`, '/dev/null'], {
			stdio: ['pipe', 'pipe', 'inherit'],
		});
		let shown = '';
		const steps: [string, string][] = [
			['/> ', 'ls\r'],
			['store_00010001', ''],
			['/> ', '\x03'],
			['CTRL-C IS THE TOOL S', '\r'],
			['/> ', 'exit\r'],
		];
		let seen = 0;
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			shown += text;
			for (let step = steps[0]; step !== undefined; step = steps[0]) {
				const at = shown.indexOf(step[0], seen);
				if (at === -1) return;
				seen = at + step[0].length;
				child.stdin.write(step[1]);
				steps.shift();
			}
		});
		await once(child, 'close');
		const [refused = '', session = ''] = shown.split('TOLD ').slice(0, 2);
		expect(refused).not.toContain('gphoto2: {');
		expect(refused).not.toContain('*** Error');
		expect(session).toMatch(/^\{"outcome":"rejected"/);
		expect(session).toContain('gphoto2: {');
		expect(shown).toMatch(/TOLD \{"outcome":"session","exitCode":0,"signal":null/);
		expect(shown).not.toContain('CTRL-C IS OURS');
	},
);
