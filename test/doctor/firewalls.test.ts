import { expect, test } from 'vitest';
import { askFirewalls } from '#doctor/firewalls.ts';
import type { RunProgram } from '#system/run-program.ts';

const where = {
	interface: 'WLAN',
	address: '192.168.1.20',
	neighbour: '192.168.1.191',
	ports: [
		{ protocol: 'udp', port: 1900 },
		{ protocol: 'tcp', port: 8043 },
	] as const,
};

/** Programs that say this, found by a part of their command line; the others fail. */
function programs(says: Record<string, string>) {
	const asked: string[] = [];
	const run: RunProgram = async (file, args) => {
		const call = [file, ...args].join(' ');
		asked.push(call);
		const stdout = Object.entries(says).find(([part]) => call.includes(part))?.[1];
		return { stdout: stdout ?? '', stderr: '', code: stdout === undefined ? 1 : 0, missing: false };
	};
	return { asked, run };
}

test('Windows is asked by its registry and by the number of the kind of network, never by words', async () => {
	const key = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy';
	const own = ['DomainProfile', 'PublicProfile', 'StandardProfile']
		.map((name, i) => `\r\n${key}\\${name}\r\n    EnableFirewall    REG_DWORD    0x${i === 1 ? 0 : 1}\r\n`)
		.join('');
	const { run, asked } = programs({ 'reg query HKLM\\SYSTEM': own, 'powershell ': '0\r\n' });
	expect(await askFirewalls(where, 'win32', run)).toMatchObject([{ name: 'Windows firewall', state: 'off' }]);
	expect(asked.filter((call) => !/^(?:reg|powershell) /.test(call))).toEqual([]);
	// Without PowerShell's answer nothing is said that holds in one kind of network alone.
	expect(await askFirewalls(where, 'win32', programs({ 'reg query HKLM\\SYSTEM': own }).run)).toMatchObject([{ state: 'on' }]);
	expect(await askFirewalls(where, 'win32', programs({}).run)).toMatchObject([{ state: 'unseen' }]);
});

test('macOS is asked four questions, whose answers are not mixed up', async () => {
	const says = {
		'--getglobalstate': 'Firewall is enabled. (State = 1)\n',
		'--getblockall': 'Block all DISABLED!\n',
		'--getappblocked': 'Incoming connection to the application is permitted\n',
		'--getallowsigned': 'Automatically allow downloaded signed software DISABLED.\n',
	};
	expect(await askFirewalls(where, 'darwin', programs(says).run)).toMatchObject([{ state: 'on', closed: [], unsure: [] }]);
	expect(await askFirewalls(where, 'darwin', programs({}).run)).toMatchObject([{ state: 'unseen' }]);
});
