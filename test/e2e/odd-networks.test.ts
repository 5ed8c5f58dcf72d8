/** The built program and a camera on networks that are not as simple as at home: several addresses, odd masks, adapters that come and go. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { network, obstacle } from './network.ts';
import { event, finish, start } from './program.ts';

const CANON_MAC = '2c:9e:fc:0a:0b:0c';
const why = obstacle();

describe.skipIf(why !== undefined)(`odd networks${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
	let lan: ReturnType<typeof network>;
	let folder: string;

	beforeEach(() => {
		lan = network({ pc: { last: 20 }, cam: { last: 45, mac: CANON_MAC } });
		folder = mkdtempSync(join(tmpdir(), 'cw-odd-networks-'));
	});
	afterEach(() => {
		lan?.[Symbol.dispose]();
		if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
	});

	const ours = (args: string[]) => ['--config-dir', join(folder, 'settings'), '--json', ...args];
	const pc = (...args: string[]) => start(ours(args), { in: lan.hosts.pc?.name });
	const camera = (...args: string[]) =>
		start(['simulate', '--json', '--address', lan.hosts.cam?.address ?? '', '--state', join(folder, 'camera.json'), ...args], {
			in: lan.hosts.cam?.name,
		});
	const ip = (line: string) => lan.hosts.pc?.ip(...line.split(' '));
	/** Pairs the camera, so that it is saved as `one`. */
	const pair = async () => {
		await using cam = camera();
		const { code, stderr } = await finish(ours(['pair', 'one', '--tool', 'builtin', '--no-input']), { in: lan.hosts.pc?.name });
		expect(code, stderr).toBe(0);
		await cam.ended;
	};

	test('a profile’s interface has a link-local address before its real one: the real one is announced', async () => {
		await pair();
		ip('addr flush dev eth0');
		ip('addr add 169.254.7.7/16 scope link dev eth0');
		ip('addr add 10.77.0.20/24 brd + dev eth0');
		await using _cam = camera('--scenario', 'reconnect');
		await using run = pc('connect', 'one', '--no-input', '--', 'info');
		expect(await run.ended, run.stdout).toBe(0);
		expect(run.events.find(event('ready'))).toMatchObject({ interface: 'eth0', address: '10.77.0.20' });
	});

	test('a profile’s interface is in two networks: the one that the camera was last in is announced', async () => {
		await pair();
		ip('addr flush dev eth0');
		ip('addr add 10.78.0.20/24 dev eth0');
		ip('addr add 10.77.0.20/24 brd + dev eth0');
		await using _cam = camera('--scenario', 'reconnect');
		await using run = pc('connect', 'one', '--no-input', '--', 'info');
		expect(await run.ended, run.stdout).toBe(0);
		expect(run.events.find(event('ready'))).toMatchObject({ interface: 'eth0', address: '10.77.0.20' });
	});

	test.each([
		['with /32 and a route to it', ['addr add 10.77.0.20/32 dev eth0', 'route add 10.77.0.45/32 dev eth0']],
		['with /32 and a route to its network', ['addr add 10.77.0.20/32 dev eth0', 'route add 10.77.0.0/24 dev eth0']],
		['with it as its peer', ['addr add 10.99.0.1 peer 10.77.0.45/32 dev eth0']],
	])('a camera beside an address %s is answered', async (_how, lines) => {
		ip('addr flush dev eth0');
		for (const line of lines) ip(line);
		lan.hosts.cam?.ip('route', 'add', '10.99.0.0/24', 'dev', 'eth0');
		await pair();
	});

	test.each([
		['behind a wrong mask', ['addr add 10.77.0.20/28 dev eth0'], [], 'correct the subnet mask of eth0'],
		['beside a /32 without a route', ['addr add 10.77.0.20/32 dev eth0'], [], 'ip route add 10.77.0.45 dev eth0'],
		[
			'in this computer’s other network',
			['addr add 10.78.0.20/24 dev eth0', 'addr add 10.77.0.20/24 dev eth0'],
			['--address', '10.78.0.20'],
			'--address 10.77.0.20',
		],
	])('a camera %s is heard, and the hint names its address and the cure', async (_where, lines, flags, cure) => {
		ip('addr flush dev eth0');
		for (const line of lines) ip(line);
		ip('route replace default dev eth0'); // else the kernel drops what comes from elsewhere
		await using _cam = camera();
		await using run = pc('connect', '--tool', 'builtin', '--no-input', '--timeout', '4', ...flags);
		expect(await run.ended, run.stdout).toBe(75);
		expect(run.events.some(event('search', { from: '10.77.0.45', ignored: 'otherSubnet' }))).toBe(true);
		const next = run.events.find(event('error', { code: 'noCamera' }))?.next;
		expect(next).toMatch(/^10\.77\.0\.45 searches for a computer, but is outside /);
		expect(next).toContain(cure);
	});

	describe('while a camera is waited for', () => {
		test.each([
			[
				'comes back under another name',
				['link set eth0 name wlan7', 'addr add 10.77.0.20/24 brd + dev wlan7', 'link set wlan7 up'],
				'wlan7',
				'10.77.0.20',
			],
			['comes back with another address', ['addr add 10.77.0.33/24 brd + dev eth0', 'link set eth0 up'], 'eth0', '10.77.0.33'],
		])('hold: an adapter that %s is followed', async (_how, lines, name, address) => {
			await pair();
			await using run = pc('hold', 'one', '--no-input');
			await run.until(event('ready', { interface: 'eth0', address: '10.77.0.20' }));
			ip('link set eth0 down');
			ip('addr flush dev eth0');
			await run.until(event('warning', { code: 'networkLost' }));
			for (const line of lines) ip(line);
			await run.until(event('ready', { interface: name, address }));
			const told = run.events.find(
				({ message }) => typeof message === 'string' && message.includes(`${address}`) && message.includes('instead of'),
			);
			expect(told?.message).toContain('10.77.0.20');
			await using _cam = camera('--scenario', 'reconnect');
			expect(await run.until(event('connected'))).toMatchObject({ address: '10.77.0.45' });
			expect(new Set(run.events.filter(event('ready')).map(({ uuid }) => uuid)).size).toBe(1);
		});

		test('serve: an interface that was asked for by hand is waited for, not replaced', async () => {
			await using run = pc('serve', '--interface', 'eth0', '--no-input');
			await run.until(event('ready', { interface: 'eth0' }));
			ip('link set eth0 down');
			ip('link set eth0 name wlan7');
			ip('link set wlan7 up');
			expect(await run.until(event('warning', { code: 'networkLost' }))).toMatchObject({
				message: expect.stringContaining('since --interface asks for it'),
				next: expect.stringContaining('--interface wlan7'),
			});
			ip('link set wlan7 down');
			ip('link set wlan7 name eth0');
			ip('link set eth0 up');
			await run.until(() => run.events.filter(event('ready', { interface: 'eth0' })).length === 2);
		});

		test('connect: the end names the interface that was lost', async () => {
			await using run = pc('connect', '--tool', 'builtin', '--no-input', '--timeout', '8');
			await run.until(event('ready'));
			ip('link del eth0');
			expect(await run.ended).toBe(75);
			expect(run.events.find(event('error'))).toMatchObject({
				code: 'noCamera',
				next: expect.stringMatching(/^eth0 has lost its address 10\.77\.0\.20/),
			});
		});

		test('serve: when nothing can be heard, that is told with the program that has the port too, and a camera comes when it is mended', async () => {
			const nft = (line: string) =>
				execFileSync('ip', ['netns', 'exec', lan.hosts.pc?.name ?? '', 'nft', ...line.split(' ')], { stdio: 'pipe' });
			nft('add table inet cw');
			nft('add chain inet cw in { type filter hook input priority 0 ; }');
			nft('add rule inet cw in iifname eth0 udp dport 1900 drop');
			const code = `require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true }).bind(1900, () => console.log('{"type":"bound"}'))`;
			await using other = start([], { in: lan.hosts.pc?.name, program: [process.execPath, '-e', code] });
			await other.until(event('bound'));
			await using run = pc('serve', '--no-input');
			const told = await run.until(event('warning', { code: 'notHeard' }));
			expect(told.message).toMatch(
				/^A test search to UDP port 1900 of eth0, 10\.77\.0\.20, did not arrive.* The port is also open in node \(process \d+\)\.$/,
			);
			expect(told.next).toContain('firewall');
			expect(run.events.filter(event('ready'))).toHaveLength(1);
			nft('delete table inet cw');
			await using _cam = camera();
			await run.until(event('description', { from: '10.77.0.45' }));
			run.kill('SIGINT');
			expect(await run.ended).toBe(130);
		});
	});
});
