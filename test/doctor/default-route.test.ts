import { expect, test } from 'vitest';
import { defaultRoute } from '#doctor/probes.ts';

/** The answer of a system whose programs say this; the others fail. */
const routeOn = (platform: string, says: Record<string, string>) =>
	defaultRoute(platform, async (file, args) => {
		const stdout = says[[file, ...args].join(' ')];
		return { stdout: stdout ?? '', stderr: '', code: stdout === undefined ? 1 : 0, missing: false };
	});

test('each system is asked in a way that sees a VPN which takes the world in two halves', async () => {
	expect(await routeOn('darwin', { 'route -n get 198.51.100.1': 'destination: 128.0.0.0\n  interface: utun4\n' })).toBe('utun4');
	expect(await routeOn('linux', { 'ip -4 route get 198.51.100.1': '198.51.100.1 dev wg0 table 51820 src 10.2.0.2\n' })).toBe('wg0');
	const halves = '          0.0.0.0        128.0.0.0         10.8.0.1         10.8.0.2    281\r\n';
	expect(await routeOn('win32', { 'route print -4': halves })).toBe('10.8.0.2');
	expect(await routeOn('linux', {})).toBeUndefined(); // no route leads out
});
