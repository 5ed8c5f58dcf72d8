import { expect, test } from 'vitest';
import type { Event } from '#contract/events.ts';
import { warningOfOthers } from '#discovery/not-alone.ts';

const ready = (address: string): Event => ({
	type: 'ready',
	interface: 'eth0',
	address,
	name: 'studio',
	uuid: 'u',
	ssdpPort: 1900,
	location: `http://${address}/`,
});
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('who else answers there is warned about once it is ready, and not again until the address is another', async () => {
	const told: Event[] = [];
	const asked: string[] = [];
	const emit = warningOfOthers(
		(event) => void told.push(event),
		async ({ address, port }) => {
			asked.push(`${address}:${port}`);
			return [4711];
		},
	);
	emit(ready('10.0.0.1'));
	expect(told).toEqual([ready('10.0.0.1')]); // nothing is waited for
	await settled();
	expect(told[1]).toMatchObject({
		type: 'warning',
		code: 'otherAnswerer',
		message: 'Another canon-wifi (process 4711) already answers cameras here, on 10.0.0.1.',
	});
	emit(ready('10.0.0.1'));
	emit(ready('10.0.0.2'));
	await settled();
	expect(asked).toEqual(['10.0.0.1:1900', '10.0.0.2:1900']);
});

test('what cannot be looked at is passed over', async () => {
	const told: Event[] = [];
	const emit = warningOfOthers(
		(event) => void told.push(event),
		async () => Promise.reject(new Error('no /proc')),
	);
	emit(ready('10.0.0.1'));
	await settled();
	expect(told).toHaveLength(1);
});
