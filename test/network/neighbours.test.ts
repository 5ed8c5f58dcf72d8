import { expect, test } from 'vitest';
import { neighbourLookup, systemTables, type TableSource } from '#network/neighbours.ts';

/** A system in which files and commands say this; what was asked for is noted. */
function source(platform: string, says: Record<string, string>): TableSource & { asked: string[] } {
	const asked: string[] = [];
	const say = async (what: string) => {
		asked.push(what);
		return says[what] ?? '';
	};
	return { platform, asked, read: say, run: (file, args) => say([file, ...args].join(' ')) };
}

test('Linux: the table in /proc, and only if that does not know, ip neigh', async () => {
	const arp = 'IP address HW type Flags HW address Mask Device\n10.0.0.7 0x1 0x2 2c:9e:fc:00:00:07 * wlan0\n';
	const linux = source('linux', {
		'/proc/net/arp': arp,
		'ip -4 neigh show': '10.0.0.9 dev wlan0 FAILED\n10.0.0.8 dev wlan0 lladdr 2c:9e:fc:00:00:08 STALE\n',
	});
	const macOf = neighbourLookup(linux, () => Promise.resolve());
	expect(await macOf('10.0.0.7')).toBe('2c:9e:fc:00:00:07');
	expect(linux.asked).toEqual(['/proc/net/arp']);
	expect(await macOf('10.0.0.8')).toBe('2c:9e:fc:00:00:08');
	expect(await macOf('10.0.0.9')).toBeUndefined();
});

test('macOS: arp without names', async () => {
	const mac = source('darwin', { '/usr/sbin/arp -an': '? (10.0.0.7) at 2c:9e:fc:0:0:7 on en0 ifscope [ethernet]\n' });
	expect(await neighbourLookup(mac)('10.0.0.7')).toBe('2c:9e:fc:00:00:07');
});

test('Windows: arp of the system folder', async () => {
	const root = process.env.SystemRoot ?? 'C:\\Windows';
	const windows = source('win32', { [`${root}\\System32\\arp.exe -a`]: '\r\n  10.0.0.7    2c-9e-fc-00-00-07   dynamic\r\n' });
	expect(await neighbourLookup(windows)('10.0.0.7')).toBe('2c:9e:fc:00:00:07');
});

test('what is no IPv4 address is not looked up at all', async () => {
	const linux = source('linux', {});
	expect(await neighbourLookup(linux)('-h; reboot')).toBeUndefined();
	expect(linux.asked).toEqual([]);
});

test('many who ask at once are one reading, and those who are not in it wait for one more', async () => {
	const root = process.env.SystemRoot ?? 'C:\\Windows';
	const says: Record<string, string> = {};
	const windows = source('win32', says);
	let restIsOver = () => {};
	const rest = new Promise<void>((resolve) => {
		restIsOver = resolve;
	});
	const pauses: number[] = [];
	const macOf = neighbourLookup(windows, (ms) => {
		pauses.push(ms);
		return rest;
	});
	const lines = Array.from({ length: 40 }, (_, i) => `  10.0.0.${i + 1}    2c-9e-fc-00-00-${(i + 16).toString(16)}   dynamic\r\n`);
	says[`${root}\\System32\\arp.exe -a`] = lines.slice(0, 20).join('');
	const first = await Promise.all(lines.slice(0, 20).map((_, i) => macOf(`10.0.0.${i + 1}`)));
	expect(first).toEqual(lines.slice(0, 20).map((_, i) => `2c:9e:fc:00:00:${(i + 16).toString(16)}`));
	expect(windows.asked).toHaveLength(1);

	const late = Promise.all(lines.map((_, i) => macOf(`10.0.0.${i + 1}`))); // half of them are not in it yet
	for (let i = 0; i < 20; i++) await Promise.resolve();
	expect(windows.asked).toHaveLength(1);
	says[`${root}\\System32\\arp.exe -a`] = lines.join('');
	restIsOver();
	expect(await late).not.toContain(undefined);
	expect(windows.asked).toHaveLength(2);
	expect(pauses).toEqual([1000, 1000]);
});

test('a missing file or program, or one that fails, is an empty table', async () => {
	const { read, run } = systemTables();
	expect(await read('/does/not/exist')).toBe('');
	expect(await run('/does/not/exist', [])).toBe('');
	expect(await run(process.execPath, ['-e', 'process.exit(3)'])).toBe('');
});
