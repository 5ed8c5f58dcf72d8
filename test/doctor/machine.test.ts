import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { machineFacts } from '#doctor/machine.ts';
import type { RunProgram } from '#system/run-program.ts';

/** A computer with these files, and programs that say this. */
async function factsOf(files: Record<string, string>, says: Record<string, string> = {}, env = {}) {
	const root = mkdtempSync(path.join(tmpdir(), 'canon-wifi-machine-'));
	const asked: string[] = [];
	const run: RunProgram = async (file, args) => {
		const call = [file, ...args].join(' ');
		asked.push(call);
		const stdout = says[call];
		return { stdout: stdout ?? '', stderr: '', code: stdout === undefined ? null : 0, missing: stdout === undefined };
	};
	try {
		for (const [file, text] of Object.entries(files)) {
			mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
			writeFileSync(path.join(root, file), text);
		}
		const facts = await machineFacts('eth0', { platform: 'linux', root, sysClassNet: path.join(root, 'net'), env, run });
		return { facts, asked };
	} finally {
		rmSync(root, { recursive: true });
	}
}

const WSL2 = 'Linux version 5.15.153.1-microsoft-standard-WSL2 (root@941d701f84f1)\n';

test('WSL2 says itself how it is connected', async () => {
	const { facts } = await factsOf({ 'proc/version': WSL2 }, { 'wslinfo --networking-mode': 'mirrored\n' });
	expect(facts).toMatchObject({ kernel: WSL2, wslMode: 'mirrored', container: null });
	expect((await factsOf({ 'proc/version': WSL2 })).facts.wslMode).toBeNull();
});

test('an ordinary computer is asked nothing', async () => {
	const { facts, asked } = await factsOf({ 'proc/version': 'Linux version 6.1.0\n', 'etc/resolv.conf': 'search fritz.box\n' });
	expect(facts).toEqual({
		kernel: 'Linux version 6.1.0\n',
		container: null,
		wslMode: null,
		domains: ['fritz.box'],
		linkKind: null,
		foreignPeer: false,
	});
	expect(asked).toEqual([]);
});

test('containers: by the files that they leave, by the environment, and by the link', async () => {
	const link = { 'net/eth0/ifindex': '12\n', 'net/eth0/iflink': '13\n' };
	const ip = { 'ip -d -j link show dev eth0': '[{"linkinfo":{"info_kind":"veth"}}]' };
	expect((await factsOf({ '.dockerenv': '', ...link }, ip)).facts).toMatchObject({
		container: 'docker',
		linkKind: 'veth',
		foreignPeer: true,
	});
	expect((await factsOf({ 'run/.containerenv': '', ...link })).facts).toMatchObject({
		container: 'podman',
		linkKind: null,
		foreignPeer: true,
	});
	expect((await factsOf(link, {}, { KUBERNETES_SERVICE_HOST: '10.96.0.1' })).facts.container).toBe('kubernetes');
});

test('a system without /proc is not looked at', async () => {
	const run: RunProgram = async () => expect.unreachable();
	expect(await machineFacts('en0', { platform: 'darwin', run })).toMatchObject({ kernel: '', container: null });
});
