import { describe, expect, test } from 'vitest';
import {
	type CameraFilter,
	couldBeCamera,
	isExcluded,
	isSameDevice,
	matchesProfile,
	returnDelay,
	selectCamera,
} from '#discovery/rules/camera-selection.ts';
import { diagnose, HINTS, onlyOtherWords } from '#discovery/rules/hints.ts';
import { type Observation, recordObservation, SIGHTINGS_KEPT, type Sighting, type Sightings } from '#discovery/rules/sightings.ts';

const CANON = '2c:9e:fc:01:02:03';
const OTHER = '00:11:22:33:44:55';

const search = (from: string, target = 'upnp:rootdevice', at = 0): Observation => ({ type: 'search', from, target, at });
const read = (from: string, userAgent: string | null = null, at = 0): Observation => ({ type: 'description', from, userAgent, at });
const mac = (from: string, mac: string): Observation => ({ type: 'mac', from, mac });
const all = (...seen: Observation[]): Sightings => seen.reduce<Sightings>(recordObservation, new Map());
const camera = (from: string): Observation[] => [search(from), read(from)];
const one = (sightings: Sightings): Sighting => [...sightings.values()][0] as Sighting;
const judged = (sightings: Sightings, wanted: CameraFilter = {}, since = 0, now = 1000) => selectCamera(sightings, wanted, since, now);

describe('recognising a camera', () => {
	test('a search alone proves nothing', () => {
		expect(couldBeCamera(one(all(search('10.0.0.9'))))).toBe(false);
	});

	test('a device that searched for root devices and read the description could be a camera', () => {
		expect(couldBeCamera(one(all(...camera('10.0.0.9'))))).toBe(true);
	});

	test('reading without a search for root devices is a browser or a port scan', () => {
		expect(couldBeCamera(one(all(read('10.0.0.9'))))).toBe(false);
		expect(couldBeCamera(one(all(search('10.0.0.9', 'ssdp:all'), read('10.0.0.9'))))).toBe(false);
	});

	test.each([
		'Microsoft-Windows/10.0 UPnP/1.0',
		'Mozilla/5.0 (X11; Linux x86_64)',
		'DLNADOC/1.50 SEC_HHP_[TV] Samsung 7 Series',
		'Linux/4.9.113, UPnP/1.0, Portable SDK for UPnP devices/1.6.22',
		'FRITZ!Box UPnP/1.0 AVM',
	])('%s is not a camera', (userAgent) => {
		expect(couldBeCamera(one(all(search('10.0.0.9'), read('10.0.0.9', userAgent))))).toBe(false);
	});

	test.each(['Linux/3.0 UPnP/1.0 Portable SDK for UPnP devices/1.6.6', 'Android/4.4', 'libupnp'])(
		'%s is a part that many things are made of: no camera at once, and not refused for ever',
		(userAgent) => {
			const seen = all(search('10.0.0.9'), read('10.0.0.9', userAgent));
			expect(couldBeCamera(one(seen))).toBe(false);
			expect(judged(seen, {}, undefined, 19_000)).toEqual({ waitMs: 1000 });
			expect(judged(seen, {}, undefined, 20_000)).toMatchObject({
				uncertain: [{ address: '10.0.0.9' }],
				fallback: { address: '10.0.0.9' },
			});
		},
	);

	test.each([null, '', 'UPnP/1.0', 'Camera OS/1.0 UPnP/1.0 Canon Device Discovery/1.0'])(
		'%s does not speak against a camera',
		(userAgent) => {
			expect(couldBeCamera(one(all(search('10.0.0.9'), read('10.0.0.9', userAgent))))).toBe(true);
		},
	);

	test("the profile's camera is recognised by its search alone", () => {
		expect(couldBeCamera(one(all(search('10.0.0.9'), mac('10.0.0.9', CANON))), { mac: CANON })).toBe(true);
	});

	test('a PC with a Canon MAC is still a PC', () => {
		const seen = all(search('10.0.0.9'), read('10.0.0.9', 'Microsoft-Windows/10.0 UPnP/1.0'), mac('10.0.0.9', CANON));
		expect(couldBeCamera(one(seen))).toBe(false);
	});
});

describe('selecting the camera', () => {
	test('selects none while no device is likely', () => {
		expect(judged(all(search('10.0.0.9')))).toEqual({ none: true });
	});

	test('selects the first likely one after a second without another', () => {
		const seen = all(...camera('10.0.0.9'));
		expect(judged(seen, {}, 0, 400)).toEqual({ waitMs: 600 });
		expect(judged(seen)).toMatchObject({ camera: { address: '10.0.0.9' }, matchedBy: 'description' });
	});

	test("selects the device with the profile's MAC at once", () => {
		const seen = all(...camera('10.0.0.9'), ...camera('10.0.0.8'), mac('10.0.0.8', OTHER));
		expect(judged(seen, { mac: OTHER }, 0, 1)).toMatchObject({ camera: { address: '10.0.0.8' }, matchedBy: 'profile' });
	});

	test('selects the latest address of the profile’s camera after a new lease', () => {
		const seen = all(...camera('10.0.0.9'), mac('10.0.0.9', OTHER), ...camera('10.0.0.10'), mac('10.0.0.10', OTHER));
		expect(judged(seen, { mac: OTHER })).toMatchObject({ camera: { address: '10.0.0.10' } });
	});

	test('selects the only one with a Canon MAC among several', () => {
		const seen = all(...camera('10.0.0.9'), ...camera('10.0.0.8'), mac('10.0.0.8', CANON), mac('10.0.0.9', OTHER));
		expect(judged(seen)).toMatchObject({ camera: { address: '10.0.0.8' } });
	});

	test('asks when several have one', () => {
		const seen = all(...camera('10.0.0.9'), ...camera('10.0.0.8'));
		expect(judged(seen)).toMatchObject({ ask: [{ address: '10.0.0.9' }, { address: '10.0.0.8' }] });
	});

	test('selects only the address given with --camera', () => {
		const seen = all(...camera('10.0.0.9'), search('10.0.0.8'));
		expect(judged(seen, { address: '10.0.0.8' }, undefined, 0)).toMatchObject({ camera: { address: '10.0.0.8' }, matchedBy: 'flag' });
		expect(judged(all(...camera('10.0.0.9')), { address: '10.0.0.8' })).toEqual({ none: true });
	});
});

describe('an uncertain device', () => {
	const PARTS = 'Linux/3.0 UPnP/1.0 libupnp';
	const late = 60_000;

	test('is ignored beside a likely one', () => {
		const seen = all(search('10.0.0.8'), read('10.0.0.8', PARTS), ...camera('10.0.0.9'));
		expect(judged(seen, {}, 0, late)).toMatchObject({ camera: { address: '10.0.0.9' } });
	});

	test('is asked about when there are several, and none is taken without asking', () => {
		const seen = all(search('10.0.0.8'), read('10.0.0.8', PARTS), search('10.0.0.9'), read('10.0.0.9', PARTS));
		expect(judged(seen, {}, undefined, late)).toEqual({ uncertain: [...seen.values()] });
		const second = all(
			search('10.0.0.8'),
			read('10.0.0.8', PARTS),
			search('10.0.0.9', 'upnp:rootdevice', 15_000),
			read('10.0.0.9', PARTS, 15_000),
		);
		expect(judged(second, {}, undefined, 20_000)).toEqual({ uncertain: [second.get('10.0.0.8')] });
	});

	test.each(['Microsoft-Windows/10.0 UPnP/1.0', 'Mozilla/5.0 (X11; Linux/5 Android)', 'Linux/4 DLNADOC/1.50 SEC_HHP_[TV]', 'FRITZ!Box'])(
		'is nobody who names itself otherwise: %s',
		(userAgent) => {
			expect(judged(all(search('10.0.0.9'), read('10.0.0.9', userAgent)), {}, undefined, late)).toEqual({ none: true });
		},
	);

	test('must have searched for root devices', () => {
		expect(judged(all(search('10.0.0.9', 'ssdp:all'), read('10.0.0.9', PARTS)), {}, undefined, late)).toEqual({ none: true });
	});

	const searching = (from: string, until: number, address: string) =>
		all(...Array.from({ length: until / 1000 + 1 }, (_, n) => search(from, 'upnp:rootdevice', n * 1000)), mac(from, address));

	test('may be a Canon device that keeps searching without reading, which is never taken without asking', () => {
		expect(judged(searching('10.0.0.9', 9000, CANON), {}, undefined, 9000)).toEqual({ waitMs: 1000 });
		const seen = searching('10.0.0.9', 10_000, CANON);
		expect(judged(seen, {}, undefined, 10_000)).toEqual({ uncertain: [seen.get('10.0.0.9')] });
		// One that has stopped, as a printer does, and one of another maker.
		expect(judged(seen, {}, undefined, 16_000)).toEqual({ none: true });
		expect(judged(searching('10.0.0.9', 10_000, OTHER), {}, undefined, 10_000)).toEqual({ none: true });
	});

	test('is ignored if its MAC differs from the known one, or if --camera is given', () => {
		const seen = searching('10.0.0.9', 10_000, CANON);
		expect(judged(seen, { mac: OTHER }, undefined, 10_000)).toEqual({ none: true });
		expect(judged(seen, { address: '10.0.0.7' }, undefined, 10_000)).toEqual({ none: true });
		expect(judged(seen, { exclude: [CANON] }, undefined, 10_000)).toEqual({ none: true });
	});
});

test('the hint about a device that only searches says what to do', () => {
	expect(HINTS.searchNotRead).toContain('--camera ADDRESS');
});

test('the diagnosis follows from what was seen', () => {
	expect(diagnose(new Map())).toBe('nothingHeard');
	expect(diagnose(all(search('10.0.0.9', 'ssdp:all')))).toBe('nothingHeard');
	expect(diagnose(all(search('10.0.0.9')))).toBe('searchNotRead');
	expect(diagnose(all(search('10.0.0.9'), read('10.0.0.9', 'Microsoft-Windows/10.0')))).toBe('readByOthers');
	expect(diagnose(all(...camera('10.0.0.9')))).toBe('readNotChosen');
});

describe('only another camera came', () => {
	const wanted: CameraFilter = { mac: CANON, id: 'two', exclude: [OTHER], names: new Map([[OTHER, 'one']]) };
	const other = (from: string) => [...camera(from), mac(from, OTHER)];

	test('is the diagnosis, whatever else searches or reads, and the text names both', () => {
		const seen = all(...other('10.0.0.9'));
		expect(diagnose(seen, wanted)).toBe('onlyOther');
		expect(diagnose(all(...other('10.0.0.9'), search('10.0.0.7'), read('10.0.0.7', 'VLC')), wanted)).toBe('onlyOther');
		expect(onlyOtherWords(seen, wanted)).toBe(
			'Only "one" (10.0.0.9) came, not "two". Choose this computer on "two"; for the other one, give its name (one) instead, or --camera 10.0.0.9.',
		);
	});

	test('includes one that searches without reading', () => {
		expect(diagnose(all(search('10.0.0.9'), mac('10.0.0.9', OTHER)), wanted)).toBe('onlyOther');
	});

	test('matters less than one that could be the camera', () => {
		expect(diagnose(all(...other('10.0.0.9'), ...camera('10.0.0.8')), wanted)).toBe('readNotChosen');
	});

	test('is named once, at its last address', () => {
		expect(onlyOtherWords(all(...other('10.0.0.9'), ...other('10.0.0.10')), wanted)).toMatch(
			/^Only "one" \(10\.0\.0\.10\) came, not "two"\./,
		);
	});

	test('is one at another address with --camera, and may still be the camera', () => {
		const seen = all(...camera('10.0.0.9'), search('10.0.0.7'));
		expect(diagnose(seen, { address: '10.0.0.45' })).toBe('onlyOther');
		expect(onlyOtherWords(seen, { address: '10.0.0.45' })).toBe(
			'Only 10.0.0.9 came, not 10.0.0.45. If that is the camera, its address has changed: leave --camera out, or give --camera 10.0.0.9.',
		);
		expect(diagnose(all(search('10.0.0.45')), { address: '10.0.0.45' })).toBe('searchNotRead');
		let flood: Sightings = new Map();
		for (let n = 1; n < 200; n++) flood = [...camera(`10.0.1.${n}`)].reduce(recordObservation, flood);
		expect(onlyOtherWords(flood, { address: '10.0.0.45' }).length).toBeLessThan(250);
	});

	test('is not mentioned if a person has declined it', () => {
		const seen = all(search('10.0.0.9'), read('10.0.0.9', 'VLC'));
		expect(diagnose(seen, {}, new Set(['10.0.0.9']))).toBe('nothingHeard');
	});
});

test('a neighbour that forges addresses does not fill the memory', () => {
	let sightings: Sightings = new Map();
	for (let n = 0; n < 10_000; n++) sightings = recordObservation(sightings, search(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`));
	expect(sightings.size).toBe(SIGHTINGS_KEPT);
	expect(sightings.has('10.0.39.15')).toBe(true);
});

describe('one MAC for several devices', () => {
	const REPEATER = '50:c7:bf:00:00:01';
	const HERE = '10.0.0.9';
	const TV = '10.0.0.60';
	const NEW = '10.0.0.10';
	const searches = (from: string, ...times: number[]) => times.map((at) => search(from, 'upnp:rootdevice', at));
	const macs = (address: string, ...froms: string[]) => froms.map((from) => mac(from, address));
	const at = (from: string, sightings: Sightings): Sighting => sightings.get(from) as Sighting;

	test('is shared when its devices are seen alternately, whether their MACs are known then or later', () => {
		const turns = [...searches(HERE, 0), ...searches(TV, 1000), ...searches(HERE, 2000)];
		for (const seen of [
			all(...turns, ...macs(REPEATER, HERE, TV)),
			all(...searches(HERE, 0), mac(HERE, REPEATER), ...searches(TV, 1), mac(TV, REPEATER), ...searches(HERE, 2)),
		])
			expect([...seen.values()].map(({ macShared }) => macShared)).toEqual([true, true]);
	});

	test('is not shared when a device gets a new address', () => {
		const seen = all(...searches(HERE, 0, 1000), mac(HERE, REPEATER), ...searches(NEW, 5000, 6000), mac(NEW, REPEATER));
		expect([...seen.values()].map(({ macShared }) => macShared)).toEqual([false, false]);
	});

	test('is shared when it is the router’s', () => {
		const seen = all(
			...searches(HERE, 0),
			{ ...(mac(HERE, REPEATER) as Observation & { type: 'mac' }), shared: true },
			...searches(HERE, 1),
		);
		expect(at(HERE, seen).macShared).toBe(true);
	});

	const behind = (own: Observation[]) => [...own, ...searches(TV, 1), ...own, ...macs(REPEATER, HERE, TV, NEW)];
	const timed = (seen: Observation[]): Sightings => all(...seen.map((one, index) => (one.type === 'mac' ? one : { ...one, at: index })));

	/** Is this sighting the camera that was saved with this MAC and last address? */
	test.each<[title: string, seen: Sightings, from: string, wanted: CameraFilter, is: boolean]>([
		['a MAC of Canon, only searched, anywhere', all(search(NEW), mac(NEW, CANON)), NEW, { mac: CANON, lastAddress: HERE }, true],
		[
			'another maker’s MAC, only searched, at the last address',
			all(search(HERE), mac(HERE, OTHER)),
			HERE,
			{ mac: OTHER, lastAddress: HERE },
			true,
		],
		['another maker’s MAC, only searched, no last address known', all(search(HERE), mac(HERE, OTHER)), HERE, { mac: OTHER }, true],
		['another maker’s MAC, only searched, elsewhere', all(search(TV), mac(TV, OTHER)), TV, { mac: OTHER, lastAddress: HERE }, false],
		[
			'another maker’s MAC, behaves like a camera, elsewhere',
			all(...camera(NEW), mac(NEW, OTHER)),
			NEW,
			{ mac: OTHER, lastAddress: HERE },
			true,
		],
		[
			'the repeater’s MAC, names itself otherwise, elsewhere',
			all(search(TV), read(TV, 'Samsung TV'), mac(TV, OTHER)),
			TV,
			{ mac: OTHER, lastAddress: HERE },
			false,
		],
		[
			'a shared MAC, behaves like a camera at the last address',
			timed(behind(camera(HERE))),
			HERE,
			{ mac: REPEATER, lastAddress: HERE },
			true,
		],
		[
			'a shared MAC that is not the saved one, at the last address',
			timed(behind(camera(HERE))),
			HERE,
			{ mac: CANON, lastAddress: HERE },
			true,
		],
		['a shared MAC, elsewhere', timed(behind(camera(HERE))), TV, { mac: REPEATER, lastAddress: HERE }, false],
		['a shared MAC, behaves like a camera elsewhere', timed(behind(camera(NEW))), NEW, { mac: REPEATER, lastAddress: HERE }, false],
	])('the saved camera: %s', (_, seen, from, wanted, is) => {
		expect(matchesProfile(at(from, seen), wanted)).toBe(is);
	});

	/** Is this sighting another saved camera, whose MAC this is? */
	test.each<[title: string, seen: Sightings, from: string, wanted: CameraFilter, is: boolean]>([
		['by a MAC of Canon, wherever', all(...camera(HERE), mac(HERE, CANON)), HERE, { mac: null, lastAddress: HERE, exclude: [CANON] }, true],
		['by another maker’s MAC', all(...camera(NEW), mac(NEW, OTHER)), NEW, { mac: CANON, lastAddress: HERE, exclude: [OTHER] }, true],
		[
			'but not at the meant camera’s last address',
			all(...camera(HERE), mac(HERE, OTHER)),
			HERE,
			{ mac: CANON, lastAddress: HERE, exclude: [OTHER] },
			false,
		],
		['but not by a shared MAC', timed(behind(camera(NEW))), NEW, { mac: CANON, lastAddress: HERE, exclude: [REPEATER] }, false],
	])('another saved camera: %s', (_, seen, from, wanted, is) => {
		expect(isExcluded(at(from, seen), wanted)).toBe(is);
	});

	test('lets the one at the last address be taken of two that behave like cameras, else asks', () => {
		const seen = timed([...camera(HERE), ...camera(NEW), ...camera(HERE), ...macs(REPEATER, HERE, NEW)]);
		expect(judged(seen, { mac: REPEATER, lastAddress: HERE })).toMatchObject({ camera: { address: HERE }, matchedBy: 'profile' });
		expect(judged(seen, { mac: REPEATER, lastAddress: '10.0.0.77' })).toMatchObject({ ask: [{ address: NEW }, { address: HERE }] });
	});

	test('lets a device with the saved MAC that keeps searching be taken at last, because the repeater is only assumed', () => {
		const seen = all(...searches(NEW, ...Array.from({ length: 11 }, (_, n) => n * 1000)), mac(NEW, OTHER));
		const wanted = { mac: OTHER, lastAddress: HERE };
		expect(judged(seen, wanted, undefined, 9000)).toEqual({ waitMs: 1000 });
		expect(judged(seen, wanted, undefined, 10_000)).toEqual({ uncertain: [at(NEW, seen)], fallback: at(NEW, seen) });
	});

	test('does not exclude a device with an unusual User-Agent at the last address', () => {
		const seen = all(search(HERE), read(HERE, 'libupnp'), mac(HERE, REPEATER));
		expect(judged(seen, { mac: CANON, lastAddress: HERE }, undefined, 20_000)).toMatchObject({ fallback: { address: HERE } });
		expect(judged(seen, { mac: CANON, lastAddress: NEW }, undefined, 20_000)).toEqual({ none: true });
	});

	/** After how long is this sighting taken for the camera that was here before? */
	test.each<
		[
			title: string,
			seen: Sightings,
			from: string,
			before: { address: string; mac: string | null; macShared?: boolean },
			after: number | undefined,
		]
	>([
		['same address and MAC', all(search(HERE), mac(HERE, OTHER)), HERE, { address: HERE, mac: OTHER }, 200],
		['same address and MAC, has read', all(...camera(HERE), mac(HERE, OTHER)), HERE, { address: HERE, mac: OTHER }, 0],
		['a MAC of Canon elsewhere', all(search(NEW), mac(NEW, CANON)), NEW, { address: HERE, mac: CANON }, 200],
		['another maker’s MAC elsewhere, only searched', all(search(NEW), mac(NEW, OTHER)), NEW, { address: HERE, mac: OTHER }, 10_000],
		['another maker’s MAC elsewhere, has read', all(...camera(NEW), mac(NEW, OTHER)), NEW, { address: HERE, mac: OTHER }, 0],
		['a shared MAC elsewhere, only searched', timed(behind(camera(HERE))), TV, { address: HERE, mac: REPEATER }, undefined],
		['a shared MAC elsewhere, has read', timed(behind(camera(NEW))), NEW, { address: HERE, mac: REPEATER, macShared: true }, 0],
		['a shared MAC at the same address', timed(behind(searches(HERE, 0))), HERE, { address: HERE, mac: CANON }, 200],
		['same address, another MAC, only searched', all(search(HERE), mac(HERE, OTHER)), HERE, { address: HERE, mac: CANON }, undefined],
		['same address, another MAC, has read', all(...camera(HERE), mac(HERE, OTHER)), HERE, { address: HERE, mac: CANON }, 0],
		['same address, a MAC of Canon', all(...camera(HERE), mac(HERE, CANON)), HERE, { address: HERE, mac: OTHER }, undefined],
		['same address, no MAC', all(search(HERE)), HERE, { address: HERE, mac: CANON }, 200],
		['elsewhere, no MAC', all(...camera(NEW)), NEW, { address: HERE, mac: CANON }, undefined],
		['searched for something else', all(search(HERE, 'ssdp:all')), HERE, { address: HERE, mac: null }, undefined],
	])('back: %s', (_, seen, from, before, after) => {
		expect(returnDelay(at(from, seen), before)).toBe(after);
	});

	/** Does this sighting show that the camera, which has a session, has left it? */
	test.each<[title: string, seen: Sightings, from: string, mac: string | null, is: boolean]>([
		['its own address', all(search(HERE)), HERE, null, true],
		['a MAC of Canon elsewhere', all(search(NEW), mac(NEW, CANON)), NEW, CANON, true],
		['another maker’s MAC elsewhere, only searched', all(search(TV), mac(TV, OTHER)), TV, OTHER, false],
		['another maker’s MAC elsewhere, behaves like a camera', all(...camera(NEW), mac(NEW, OTHER)), NEW, OTHER, true],
		['a shared MAC elsewhere', timed(behind(camera(NEW))), NEW, REPEATER, false],
		['a stranger', all(...camera(NEW), mac(NEW, OTHER)), NEW, CANON, false],
	])('the device that has a session: %s', (_, seen, from, known, is) => {
		expect(isSameDevice(at(from, seen), { address: HERE, mac: known })).toBe(is);
	});
});
