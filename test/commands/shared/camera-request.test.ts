import { expect, test } from 'vitest';
import { limits } from '#commands/shared/camera-request.ts';
import { networkFor, networkOrFail, wantedNetwork } from '#commands/shared/network-request.ts';
import type { Event } from '#contract/events.ts';
import { newProfile } from '#contract/profile.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';

const wlan: NetworkInterface = { name: 'wlan0', address: '192.168.1.20', prefix: 24, mac: '02:00:00:00:00:01', kind: 'wifi' };
const eth: NetworkInterface = { ...wlan, name: 'eth0', address: '10.0.0.5', kind: 'cable' };
const docker: NetworkInterface = { ...wlan, name: 'docker0', address: '172.17.0.1', kind: 'virtual' };

test('where nobody can be asked, the error names only networks that a camera can be on', () => {
	expect(() => networkOrFail({ ask: [wlan, eth, docker], likely: [wlan, eth] })).toThrow(
		expect.objectContaining({ exitCode: 64, next: 'Give it with --interface NAME: wlan0 or eth0.' }),
	);
});

test('--timeout limits the wait for a camera; with --reconnect there is no limit unless it is given', () => {
	const limit = (reconnect: boolean, timeout?: number) => limits({ timeout, reconnect }).limitMs;
	expect([limit(false), limit(false, 60), limit(true, 60), limit(true)]).toEqual([120_000, 60_000, 60_000, Infinity]);
});

test("warns which network is used when the profile's network is not up, and not when there is none", () => {
	const profile = { ...newProfile('studio', new Date(0)), interface: 'wlan7' };
	const choose = (networks: NetworkInterface[]) => {
		const events: Event[] = [];
		const choice = () =>
			networkFor(wantedNetwork({}, [profile]), {
				networks: { list: () => networks, macOf: async () => undefined },
				emit: (event) => events.push(event),
			});
		return { events, choice };
	};
	const one = choose([eth]);
	expect(one.choice()).toMatchObject({ chosen: eth });
	expect(one.events).toMatchObject([{ code: 'otherNetwork', message: "The profile's network wlan7 is not up now, so eth0 is used." }]);
	const none = choose([]);
	expect(none.choice).toThrow(expect.objectContaining({ code: 'noNetwork' }));
	expect(none.events).toEqual([]);
	expect(choose([eth, { ...wlan, name: 'wlan7' }]).choice()).toMatchObject({ chosen: { name: 'wlan7' } });
});
