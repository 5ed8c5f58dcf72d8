import { describe, expect, test } from 'vitest';
import { widthOf } from '#base/table.ts';
import { run } from '#commands/doctor/run.ts';
import type { Event } from '#contract/events.ts';
import type { MulticastFacts } from '#discovery/computer/rules/hearing.ts';
import type { PortFacts, Probes, SettingsFacts } from '#doctor/rules/facts.ts';
import type { MachineFacts } from '#network/rules/behind-nat.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { ToolFinding } from '#session/client.ts';

const wlan: NetworkInterface = { name: 'wlan0', address: '192.168.1.20', prefix: 24, mac: '02:00:00:00:00:01', kind: 'wifi' };
const vpn: NetworkInterface = { name: 'tun0', address: '10.8.0.2', prefix: 24, mac: '00:00:00:00:00:00', kind: 'vpn' };
const free: PortFacts = { holders: [], blind: null, refused: null };
const healthy: SettingsFacts = {
	folder: '/s',
	unwritable: null,
	identity: { path: '/s/identity.json', verdict: null },
	profiles: { path: '/s/profiles.json', verdict: { state: 'good', settings: { version: 1, profiles: [{}] } } },
	damaged: [],
};
const aMachine: MachineFacts = {
	kernel: 'Linux version 6.1.0',
	container: null,
	wslMode: null,
	domains: [],
	linkKind: null,
	foreignPeer: false,
};
const usable: ToolFinding = { tool: 'builtin', state: 'usable', path: null, version: '1.0', note: '', next: '' };

interface Computer {
	networks?: NetworkInterface[];
	udp?: Partial<PortFacts>;
	tcp?: Partial<PortFacts>;
	multicast?: Partial<MulticastFacts>;
	probes?: Partial<Probes>;
	machine?: Partial<MachineFacts>;
	settings?: Partial<SettingsFacts>;
	tools?: Partial<ToolFinding>;
	columns?: number;
	call?: Parameters<typeof run>[0]['flags'];
}

async function examined(computer: Computer = {}) {
	const events: (Event & { type: 'check' })[] = [];
	let text = '';
	const probes: Probes = {
		system: () => ({ platform: 'linux', release: '6.1', node: '20.12.0' }),
		machine: async () => ({ ...aMachine, ...computer.machine }),
		udpPort: async () => ({ ...free, ...computer.udp }),
		tcpPort: async () => ({ ...free, ...computer.tcp }),
		multicast: async () => ({ joinRefused: null, sendRefused: null, heard: true, ...computer.multicast }),
		firewalls: async () => [],
		defaultRoute: async () => 'wlan0',
		settings: () => ({ ...healthy, ...computer.settings }),
		...computer.probes,
	};
	const deps = {
		emit: (event: Event) => void events.push(event as Event & { type: 'check' }),
		out: (more: string) => {
			text += more;
		},
		columns: computer.columns ?? 80,
		json: computer.columns === undefined,
		networks: { list: () => computer.networks ?? [wlan], macOf: async () => undefined },
		tools: {
			find: async (tool: ToolFinding['tool']) => ({ ...usable, tool, ...(tool === 'builtin' ? {} : computer.tools) }),
			client: async () => expect.unreachable(),
		},
		probes,
		paint: (_: string, word: string) => word,
	};
	const outcome = await run({ flags: computer.call ?? {} }, deps);
	return { ...outcome, events, text, row: (topic: string) => events.find((event) => event.topic === topic) };
}

test('a healthy computer has no error, and the rows come in the order in which a person would look', async () => {
	const { exitCode, found, events } = await examined();
	expect(exitCode).toBe(0);
	expect(found).toEqual({ errors: 0, warnings: 0 });
	expect(events.map(({ topic }) => topic)).toEqual([
		'Node',
		'interfaces',
		'network',
		'UDP 1900',
		'multicast',
		'TCP 8043',
		'firewall',
		'router',
		'settings',
		'identity',
		'profiles',
		'gphoto2',
		'chdkptp',
		'builtin',
	]);
});

describe('UDP 1900', () => {
	test('is an error that names a program which does not share it', async () => {
		const { exitCode, row } = await examined({
			udp: { refused: 'EADDRINUSE', holders: [{ pid: 42, program: 'spot\u001bify', address: '0.0.0.0' }] },
		});
		expect(exitCode).toBe(69);
		expect(row('UDP 1900')).toMatchObject({
			state: 'error',
			text: 'Held by spot\\x1bify (process 42, on 0.0.0.0), which does not share it: no camera can find this computer.',
			next: 'Close that program.',
		});
		expect(row('multicast')).toBeUndefined();
	});

	test('says how to find a holder that this user cannot see', async () => {
		const { row } = await examined({ udp: { refused: 'EADDRINUSE', holders: [{ pid: null, program: null, address: '0.0.0.0' }] } });
		expect(row('UDP 1900')?.next).toContain('sudo canon-wifi doctor');
	});

	test('warns about another canon-wifi on the same address, not on another network', async () => {
		const other = (address: string) => [
			{ pid: 77, program: 'node canon-wifi', address: '0.0.0.0', answersCameras: true as const },
			{ pid: 77, program: 'node canon-wifi', address, answersCameras: true as const },
		];
		const here = await examined({ udp: { holders: other('192.168.1.20') } });
		expect(here).toMatchObject({ exitCode: 0, found: { warnings: 1 } });
		expect(here.row('UDP 1900')).toMatchObject({
			state: 'warn',
			text: 'Another canon-wifi (process 77) already answers cameras here, on 192.168.1.20.',
		});
		expect((await examined({ udp: { holders: other('10.0.0.5') } })).row('UDP 1900')?.state).toBe('ok');
	});

	test('names a program with several sockets once, and each of those that cannot be told apart', async () => {
		const gupnp = { pid: 7, program: 'gupnp' };
		const foreign = { pid: null, program: null, address: '0.0.0.0' };
		const holders = [{ ...gupnp, address: '0.0.0.0' }, foreign, { ...gupnp, address: '192.168.1.20' }];
		expect((await examined({ udp: { holders } })).row('UDP 1900')?.text).toBe(
			'Shared with gupnp (process 7, on 0.0.0.0 and 192.168.1.20) and a program of another user (on 0.0.0.0), which is fine.',
		);
	});

	test('is fine if it is shared', async () => {
		const { exitCode, row } = await examined({ udp: { holders: [{ pid: 7, program: 'gupnp', address: '0.0.0.0' }] } });
		expect(exitCode).toBe(0);
		expect(row('UDP 1900')).toMatchObject({ state: 'ok', text: 'Shared with gupnp (process 7, on 0.0.0.0), which is fine.' });
	});
});

test('the HTTP port may be taken unless it was asked for', async () => {
	const tcp = { refused: 'EADDRINUSE', holders: [{ pid: 9, program: 'nginx', address: '0.0.0.0' }] };
	expect((await examined({ tcp })).row('TCP 8043')).toMatchObject({ state: 'info' });
	const asked = await examined({ tcp, call: { descPort: 8050 } });
	expect(asked.exitCode).toBe(69);
	expect(asked.row('TCP 8050')).toMatchObject({ state: 'error', text: 'Held by nginx (process 9, on 0.0.0.0).' });
});

test('warns about a program that receives what is sent to this computer alone', async () => {
	const { row, exitCode } = await examined({ multicast: { heardAlone: false } });
	expect(row('multicast')).toMatchObject({ state: 'warn', text: expect.stringContaining('goes to another program') });
	expect(exitCode).toBe(0);
});

describe('on Windows', () => {
	const windows = { system: () => ({ platform: 'win32', release: '10.0.22631', node: '20.12.0' }) };

	test('names the program that does not share UDP 1900 (EACCES)', async () => {
		const udp = { refused: 'EACCES', holders: [{ pid: 42, program: 'spotify.exe', address: '0.0.0.0' }] };
		expect((await examined({ udp, probes: windows })).row('UDP 1900')).toMatchObject({
			state: 'error',
			text: 'Held by spotify.exe (process 42, on 0.0.0.0), which does not share it: no camera can find this computer.',
			next: 'Close that program.',
		});
		const { row } = await examined({ udp: { refused: 'EACCES' }, probes: windows });
		expect(row('UDP 1900')?.next).toContain('netsh interface ipv4 show excludedportrange protocol=udp');
		expect(row('UDP 1900')?.next).not.toContain('sudo');
	});

	const firewall = {
		name: 'Windows firewall',
		state: 'on',
		closed: [{ protocol: 'udp', port: 1900 }],
		unsure: [],
		command: 'netsh advfirewall firewall delete rule name=all dir=in program="C:\\Program Files\\nodejs\\node.exe"\nnetsh second',
		note: 'There are rules that block node.exe.',
	} as const;

	test("prints the administrator's commands for the firewall on unbroken lines of their own", async () => {
		const computer = { probes: { ...windows, firewalls: async () => [firewall] } };
		const { row } = await examined(computer);
		expect(row('Windows firewall')).toMatchObject({
			state: 'error',
			text: 'Blocks UDP 1900: cameras cannot reach this computer. There are rules that block node.exe.',
			next: `Open it by these lines, in a PowerShell or cmd that was started as administrator:\n${firewall.command}`,
		});
		const lines = (await examined({ ...computer, columns: 60 })).text.split('\n').map((line) => line.trim());
		for (const command of firewall.command.split('\n')) expect(lines).toContain(command);
	});

	test('does not ask for rights to read rules that could not be read', async () => {
		const unseen = { ...firewall, state: 'unseen', closed: [], command: 'netsh advfirewall show currentprofile' } as const;
		const { row } = await examined({ probes: { ...windows, firewalls: async () => [unseen] } });
		expect(row('Windows firewall')).toMatchObject({ state: 'info', next: 'Check with `netsh advfirewall show currentprofile`.' });
		expect(row('Windows firewall')?.text).toContain('Could not determine');
	});

	test('uses the next port instead of an excluded one, unless that was asked for', async () => {
		const computer = { tcp: { refused: 'EACCES' }, probes: windows };
		expect(await examined(computer)).toMatchObject({ exitCode: 0 });
		expect((await examined(computer)).row('TCP 8043')).toMatchObject({ state: 'info', text: expect.stringContaining('Hyper-V') });
		expect((await examined({ ...computer, call: { descPort: 8043 } })).row('TCP 8043')).toMatchObject({
			state: 'error',
			next: expect.stringContaining('netsh interface ipv4 show excludedportrange protocol=tcp'),
		});
	});
});

describe('on macOS', () => {
	const mac = (release: string) => ({ system: () => ({ platform: 'darwin', release, node: '20.12.0' }) });

	test('from 15 on, does not report as fine what the Local Network permission may hide', async () => {
		const { row, exitCode } = await examined({ probes: mac('25.0.0') });
		expect(row('multicast')).toMatchObject({ state: 'info', text: expect.stringContaining('see "privacy"') });
		expect(row('privacy')).toMatchObject({ state: 'info', text: expect.stringContaining('cannot find out') });
		for (const part of ['System Settings > Privacy & Security > Local Network', 'start it again', 'restart the Mac', 'Terminal itself'])
			expect(row('privacy')?.next).toContain(part);
		expect(exitCode).toBe(0);
		expect((await examined({ probes: mac('25.0.0'), columns: 120 })).text).toContain('see "privacy".');
	});

	test('14 has no such permission', async () => {
		const { row } = await examined({ probes: mac('23.6.0') });
		expect(row('multicast')?.state).toBe('ok');
		expect(row('privacy')).toBeUndefined();
	});

	test('a shared port may still not receive searches', async () => {
		const holders = [{ pid: 7, program: 'Spotify', address: '0.0.0.0' }];
		const { row } = await examined({ udp: { holders }, probes: mac('23.6.0') });
		expect(row('UDP 1900')).toMatchObject({ state: 'warn', text: expect.stringContaining('Spotify is known for it.') });
		const other = await examined({ udp: { holders: [{ pid: 7, program: 'gupnp', address: '0.0.0.0' }] }, probes: mac('23.6.0') });
		expect(other.row('UDP 1900')?.text).not.toContain('Spotify');
		expect(other.row('UDP 1900')?.next).toContain('quit that program');
	});
});

test('a port that this user may not open is not reported as held', async () => {
	expect((await examined({ udp: { refused: 'EACCES' } })).row('UDP 1900')).toMatchObject({
		state: 'error',
		text: 'Opening it failed: the system does not let this program use that port (EACCES).',
	});
});

test('multicast that is not heard, not joined or forbidden by macOS is an error', async () => {
	expect((await examined({ multicast: { heard: false } })).exitCode).toBe(69);
	expect((await examined({ multicast: { joinRefused: 'ENODEV' } })).row('multicast')?.text).toContain('cannot be joined on wlan0: ENODEV');
	const mac = {
		multicast: { sendRefused: 'EHOSTUNREACH' },
		probes: { system: () => ({ platform: 'darwin', release: '24.1.0', node: '20.12.0' }) },
	};
	expect((await examined(mac)).row('multicast')?.next).toContain('Local Network');
});

test('a firewall that closes ports is an error with the command, a doubtful one is a warning, an unseen one is neither', async () => {
	const firewall = {
		name: 'ufw',
		state: 'on',
		closed: [{ protocol: 'tcp', port: 8043 }],
		unsure: [],
		command: 'sudo ufw allow 8043/tcp',
	} as const;
	const closed = await examined({ probes: { firewalls: async () => [firewall] } });
	expect(closed.exitCode).toBe(69);
	expect(closed.row('ufw')).toMatchObject({
		state: 'error',
		text: 'Blocks TCP 8043: cameras cannot reach this computer.',
		next: 'Open: `sudo ufw allow 8043/tcp`.',
	});
	const doubt = await examined({ probes: { firewalls: async () => [{ ...firewall, closed: [], unsure: firewall.closed }] } });
	expect(doubt).toMatchObject({ exitCode: 0, found: { warnings: 1 } });
	const unseen = await examined({
		probes: { firewalls: async () => [{ ...firewall, state: 'unseen', closed: [], command: 'sudo ufw status verbose' }] },
	});
	expect(unseen.row('ufw')).toMatchObject({ state: 'info', next: expect.stringContaining('`sudo ufw status verbose`') });
});

test('a VPN that takes the default route is a warning', async () => {
	const { row, exitCode } = await examined({ networks: [wlan, vpn], probes: { defaultRoute: async () => 'tun0' } });
	expect(row('VPN')).toMatchObject({ state: 'warn' });
	expect(exitCode).toBe(0);
});

test('a network behind NAT is reported without an error, and the verdict does not say that all is well', async () => {
	const eth: NetworkInterface = { ...wlan, name: 'eth0', address: '172.17.0.2', prefix: 16, kind: 'cable' };
	const computer = { networks: [eth], machine: { container: 'docker' as const, linkKind: 'veth' } };
	const { row, exitCode } = await examined(computer);
	expect(row('LAN')).toMatchObject({
		state: 'info',
		text: 'This is a Docker container: the multicast by which cameras search does not come in here from the LAN.',
		next: expect.stringContaining('--network host'),
	});
	expect(exitCode).toBe(0);
	const { text } = await examined({ ...computer, columns: 120 });
	expect(text).not.toContain('No problems found');
	expect(text).toContain('a camera may still not find this computer: see "LAN".');
	expect((await examined({ columns: 120 })).text).toContain('No problems found.');
});

test('no network or a missing interface is an error, several networks are a warning, and a senseless call fails', async () => {
	expect(await examined({ networks: [] })).toMatchObject({ exitCode: 69 });
	expect(await examined({ call: { interface: 'wlan9' } })).toMatchObject({ exitCode: 69 });
	// Where no camera can be is not counted.
	const docker: NetworkInterface = { ...wlan, name: 'docker0', address: '172.17.0.1', prefix: 16, kind: 'virtual' };
	const several = [wlan, { ...wlan, name: 'eth0', address: '10.0.0.5', kind: 'cable' as const }, docker, vpn];
	expect((await examined({ networks: several })).row('network')).toMatchObject({
		state: 'warn',
		text: 'Several networks make sense: wlan0 192.168.1.20/24 (Wi-Fi), eth0 10.0.0.5/24 (cable). What follows is about wlan0.',
		next: "Say which is the camera's by --interface NAME: wlan0 or eth0.",
	});
	await expect(examined({ call: { address: 'myhost' } })).rejects.toMatchObject({ exitCode: 64 });
});

test('missing tools are not an error; one without PTP/IP is a warning', async () => {
	expect(await examined({ tools: { state: 'missing', version: null, next: 'Install it.' } })).toMatchObject({
		exitCode: 0,
		found: { errors: 0, warnings: 0 },
	});
	const { row, exitCode } = await examined({
		tools: { state: 'withoutNetwork', path: '/usr/bin/chdkptp', next: 'Build it with PTPIP_SUPPORT=1.' },
	});
	expect(row('chdkptp')).toMatchObject({
		state: 'warn',
		text: 'Built without network support (PTP/IP). 1.0 at /usr/bin/chdkptp.',
		next: 'Build it with PTPIP_SUPPORT=1.',
	});
	expect(exitCode).toBe(0);
});

test('unwritable, damaged or newer settings are errors with exit code 78, after those of the network; moved files are named', async () => {
	expect((await examined({ settings: { unwritable: 'permission denied' } })).exitCode).toBe(78);
	expect((await examined({ settings: { identity: { path: '/s/identity.json', verdict: { state: 'newer', version: 3 } } } })).exitCode).toBe(
		78,
	);
	const damaged = await examined({
		settings: {
			profiles: { path: '/s/profiles.json', verdict: { state: 'damaged', why: 'it is not JSON' } },
			damaged: ['profiles.damaged-20260131T120000Z.json'],
		},
	});
	expect(damaged.row('profiles')).toMatchObject({ state: 'error', text: '/s/profiles.json is damaged: it is not JSON.' });
	expect(damaged.row('moved files')?.text).toContain('profiles.damaged-20260131T120000Z.json');
	expect((await examined({ settings: { unwritable: 'permission denied' }, multicast: { heard: false } })).exitCode).toBe(69);
});

test.each([40, 59, 80, 120])('fits %i columns', async (columns) => {
	const { text } = await examined({ columns, multicast: { heard: false } });
	expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(columns);
	expect(text.replace(/\s+/g, ' ')).toContain('One error stands in the way.');
});
