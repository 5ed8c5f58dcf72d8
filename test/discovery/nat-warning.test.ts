import { expect, test } from 'vitest';
import type { Event } from '#contract/events.ts';
import { warningOfNat } from '#discovery/nat-warning.ts';
import type { Nat } from '#network/rules/behind-nat.ts';

const ready: Event = {
	type: 'ready',
	interface: 'eth0',
	address: '172.17.0.2',
	name: 'studio',
	uuid: 'u',
	ssdpPort: 1900,
	location: 'http://172.17.0.2/',
};
const waiting: Event = { type: 'warning', code: 'stillWaiting', message: 'No camera yet.' };
const search: Event = { type: 'search', from: '172.17.0.3', port: 1, target: 'upnp:rootdevice', answered: true };
const nat: Nat = { what: 'a Docker container', next: 'Start it with --network host.' };

/** The warnings of our own that these events bring about. */
async function warned(events: readonly Event[], natOf: () => Promise<Nat | undefined> = async () => nat): Promise<Event[]> {
	const told: Event[] = [];
	const emit = warningOfNat((event) => void told.push(event), natOf);
	for (const event of events) emit(event);
	await new Promise((resolve) => setImmediate(resolve));
	expect(told.filter((event) => events.includes(event))).toEqual(events);
	return told.filter((event) => !events.includes(event));
}

test('a person who waits behind NAT for a camera is warned once', async () => {
	expect(await warned([ready, waiting, { ...waiting }])).toEqual([
		{
			type: 'warning',
			code: 'behindNat',
			message: 'This is a Docker container: searches from cameras on the LAN do not arrive here.',
			next: 'Start it with --network host.',
		},
	]);
});

test('there is no warning without waiting, after an answered search, or on the LAN', async () => {
	expect(await warned([ready])).toEqual([]);
	expect(await warned([ready, search, waiting])).toEqual([]);
	expect(await warned([ready, waiting], async () => undefined)).toEqual([]);
	expect(await warned([ready, waiting], async () => Promise.reject(new Error('no /proc')))).toEqual([]);
});
