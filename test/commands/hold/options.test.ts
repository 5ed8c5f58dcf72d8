/** What `hold` reads off its flags. */
import { expect, test } from 'vitest';
import { HOLD, type HoldCall } from '#commands/hold/flags.ts';
import { besideCamera, chosenProfiles } from '#commands/hold/options.ts';
import { newProfile } from '#contract/profile.ts';
import { DEFAULT_LISTEN } from '#hold/rules/listen.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import { noFlags } from '../no-flags.ts';

const flags: HoldCall['flags'] = noFlags(HOLD);
const [attic, studio] = ['attic', 'studio'].map((id) => newProfile(id, new Date(0)));

/** The ids of the cameras that are held. */
function chosen(profiles: readonly string[], all: boolean, saved = [attic, studio]) {
	const list = () => saved.filter((one) => one !== undefined);
	const deps = { profiles: { list }, holds: {} } as unknown as Parameters<typeof chosenProfiles>[1];
	return chosenProfiles({ profile: profiles, flags: { ...flags, all } }, deps).map((profile) => profile?.id);
}

test('chooses cameras by name (each once), all of them, the only one, or whichever comes', () => {
	expect(chosen(['studio', 'attic', 'studio'], false)).toEqual(['studio', 'attic']);
	expect(chosen([], true)).toEqual(['attic', 'studio']);
	expect(chosen([], false, [studio])).toEqual(['studio']);
	expect(chosen([], false)).toEqual([undefined]);
	expect(() => chosen(['studio'], true)).toThrow('Both --all and cameras by name');
	expect(() => chosen([], true, [])).toThrow('none is saved');
	expect(() => chosen(['cellar'], false)).toThrow('There is no profile "cellar"');
});

test('on loopback the simulated camera has the port, so clients get the next one unless another was asked for', () => {
	const lo = { kind: 'loopback' } as NetworkInterface;
	const wifi = { kind: 'wifi' } as NetworkInterface;
	const port = (network: NetworkInterface, cameraPort?: number, mayMove = true) =>
		besideCamera({ ...DEFAULT_LISTEN, mayMove }, network, { ...flags, ...(cameraPort === undefined ? {} : { cameraPort }) }).port;
	expect(port(lo)).toBe(15_741);
	expect(port(wifi)).toBe(15_740);
	expect(port(lo, 20_000)).toBe(15_740);
	expect(port(lo, undefined, false)).toBe(15_740);
});
