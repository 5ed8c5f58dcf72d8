import { describe, expect, test } from 'vitest';
import { type Heard, judgeHearing, notHeard, probeOf, probeSearch } from '#discovery/computer/rules/hearing.ts';
import { Overlap } from '#discovery/computer/rules/overlap.ts';
import { asksForUs, searchTarget } from '#protocol/ssdp/message.ts';

const TOKEN = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const target = (text: string) => searchTarget(new TextEncoder().encode(text)) ?? '';

test('a test search has a target that no device answers, and is recognised with its way', () => {
	for (const way of ['group', 'alone'] as const) {
		expect(asksForUs(target(probeSearch(TOKEN, way)))).toBe(false);
		expect(probeOf(target(probeSearch(TOKEN, way)))).toEqual({ token: TOKEN, way });
	}
});

test.each([
	'upnp:rootdevice',
	'urn:canon-wifi:self-test:',
	`urn:canon-wifi:self-test:${TOKEN}`,
	`x urn:canon-wifi:self-test:${TOKEN}:group`,
])('%j is not a test search', (other) => {
	expect(probeOf(other)).toBeUndefined();
});

test('without multicast nothing is heard, because cameras search by multicast', () => {
	const judged = (heard: Partial<Heard>) => judgeHearing({ sendRefused: null, group: true, alone: true, ...heard });
	expect([judged({}), judged({ alone: false }), judged({ group: false }), judged({ sendRefused: 'EPERM' })]).toEqual([
		'hears',
		'shared',
		'deaf',
		'deaf',
	]);
});

describe('the warning', () => {
	const at = { interface: 'wlan0', address: '192.168.1.20', port: 1900 };
	const words = (heard: Partial<Heard>, holders: { pid: number | null; program: string | null }[] = []) =>
		notHeard({ sendRefused: null, group: false, alone: false, ...heard }, { ...at, holders });

	test('where it did not arrive, and what to do', () => {
		expect(words({ alone: true })).toMatchObject({
			message:
				'A test search to UDP port 1900 of wlan0, 192.168.1.20, did not arrive through the multicast group, so cameras are not heard.',
			next: 'Open the port in the firewall, or disconnect the VPN; run `canon-wifi doctor` to find out more.',
		});
		expect(words({ sendRefused: 'EHOSTUNREACH' }).message).toContain('could not be sent from wlan0, 192.168.1.20 (EHOSTUNREACH)');
	});

	test('names other programs that have the port, each once, and not too many', () => {
		const spotify = { pid: 7, program: 'Spotify' };
		const { message, next } = words({}, [spotify, spotify]);
		expect(message).toMatch(/The port is also open in Spotify \(process 7\)\.$/);
		expect(next).toMatch(/^Close that program\. If that does not help: Open the port/);
		const many = Array.from({ length: 50 }, (_, pid) => ({ pid, program: 'x' }));
		expect(words({}, many).message).toContain('x (process 2), 47 more.');
		expect(words({}, [{ pid: null, program: null }]).message).toContain("another user's program");
	});
});

test('a datagram that both sockets hear during a renewal counts once, in either order', () => {
	const overlap = new Overlap();
	const heard = (['old', 'new', 'new', 'old', 'new', 'new', 'old', 'old'] as const).filter((by) => !overlap.isRepeated(by, 'search'));
	expect(heard).toEqual(['old', 'new', 'new', 'new']);
	expect(overlap.isRepeated('old', 'another')).toBe(false);
});
