import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { handles } from '#tools/run/processes.ts';
import { start } from '#tools/run/run.ts';
import { skipUnless } from '../../support/skip.ts';

const notLinux = skipUnless(process.platform === 'linux', 'only Linux says which signals a process handles');

test.skipIf(notLinux)('says for which signals a process has a handler', async () => {
	const child = spawn('sh', ['-c', "trap 'echo got it' USR1; echo ready; read line"], { stdio: ['pipe', 'pipe', 'ignore'] });
	await once(child.stdout, 'data');
	expect(await handles(child.pid ?? 0, 'SIGUSR1', 'linux')).toBe(true);
	expect(await handles(child.pid ?? 0, 'SIGUSR2', 'linux')).toBe(false);
	child.stdin.end();
	await once(child, 'close');
});

test.skipIf(notLinux)('a signal is passed to a program that handles it, and does not end one that does not', async () => {
	const passed: string[] = [];
	const options = (name: string) =>
		({
			stdin: 'pipe',
			stdout: 'pipe',
			platform: 'linux',
			control: { names: ['sh'], passed: () => void passed.push(name) },
		}) as const;
	const script = (trap: string) => ({ file: 'sh', args: ['-c', `${trap}; echo ready; read line; echo "$line"`], env: {} });
	const handling = start(script("trap 'exit 7' USR2"), options('handling'));
	const other = start(script(':'), options('other'));
	for (const run of [handling, other]) if (run.stdout !== null) await once(run.stdout, 'data');
	process.emit('SIGUSR2', 'SIGUSR2');
	expect(await handling.ended).toMatchObject({ code: 7 });
	other.stdin?.end('on\n');
	expect(await other.ended).toMatchObject({ code: 0, signal: null });
	expect(passed).toEqual(['handling']);
	for (const run of [handling, other]) run.close();
});
