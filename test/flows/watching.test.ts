import { expect, test } from 'vitest';
import { SIGHTINGS_KEPT } from '../../src/core/sightings.ts';
import { CameraWatch } from '../../src/flows/watching.ts';
import { world } from './world.ts';

test('the MAC of an address is looked up five times at most, and anew when the address was forgotten meanwhile', () => {
	const { ports, clock } = world();
	const lookups: string[] = [];
	const networks = {
		...ports.networks,
		macOf: async (address: string) => {
			lookups.push(address);
			return undefined;
		},
	};
	const watch = new CameraWatch({ ...ports, networks });
	const search = (from: string) => watch.seen({ type: 'search', from, target: 'upnp:rootdevice', at: clock.now() });
	const ofCamera = () => lookups.filter((address) => address === 'camera').length;
	for (let i = 0; i < 20; i++) search('camera');
	expect(ofCamera()).toBe(5);
	for (let i = 0; i < SIGHTINGS_KEPT; i++) search(`other ${i}`);
	search('camera');
	expect(ofCamera()).toBe(6);
});
