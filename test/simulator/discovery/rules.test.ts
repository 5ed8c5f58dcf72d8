import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { contentTypeFault } from '#simulator/discovery/strictness.ts';
import type { CameraOptions } from '#simulator/options.ts';
import { type Stage, startStage, UUID } from '../world.ts';
import { document, startAnswerer, type Ways } from './answerer.ts';

const OTHER = '2c9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';

let media = '';
beforeAll(async () => {
	media = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	await mkdir(join(media, 'DCIM'));
});
afterAll(() => rm(media, { recursive: true }));
const start = (answerer: { ssdpPort: number }, options: Partial<CameraOptions> = {}): Promise<Stage> =>
	startStage(answerer, { media, ...options });

const listed = (stage: Stage): readonly string[] => (stage.camera.screen.shows === 'computers' ? stage.camera.screen.names : []);

test.each<[string, Ways, RegExp]>([
	['is no Windows', { fields: { Server: 'Linux/6.1 UPnP/1.0 MiniDLNA/1.3' } }, /Microsoft-Windows/],
	['does not say what it is', { fields: { Server: undefined } }, /no Server/],
	['answers for another target', { fields: { ST: 'ssdp:all' } }, /ST is not/],
	['has no UUID', { fields: { USN: 'uuid:me::upnp:rootdevice' } }, /USN has no UUID/],
	['is found by name only', { fields: { LOCATION: 'http://desktop.local:8043/desc.xml' } }, /IPv4/],
	['answers for the bare device', { fields: { USN: `uuid:${UUID}` } }, /USN does not end/],
	['has no description', { fields: { LOCATION: undefined } }, /no LOCATION/],
	['speaks IPv6', { fields: { LOCATION: 'http://[fe80::1]:8043/desc.xml' } }, /IPv4/],
	['takes its wildcard for an address', { fields: { LOCATION: 'http://0.0.0.0:8043/desc.xml' } }, /no computer's address/],
	['announces instead of answering', { firstLine: 'NOTIFY * HTTP/1.1' }, /200/],
	['ends its lines with LF', { lineEnd: '\n' }, /CRLF/],
	['has nothing there', { firstLine: 'HTTP/1.1 404 Not Found' }, /200/],
])('a computer that %s is refused by its answer, and its description is not fetched', async (_what, ways, why) => {
	await using computer = await startAnswerer(ways);
	await using stage = await start(computer);
	expect((await stage.event('answerRefused')).why).toMatch(why);
	expect(computer.fetches).toBe(0);
	expect(listed(stage)).toEqual([]);
});

const XML = { 'Content-Type': 'text/xml; charset="utf-8"' };
const head = (status: number, headers: Record<string, string> = {}): Ways => ({
	serve: (response) =>
		void response.writeHead(status, { 'Content-Type': 'text/xml; charset="utf-8"', ...headers }).end(document(UUID, 'PC')),
});

test.each<[string, Ways, RegExp]>([
	['is not there', head(404), /status is 404/],
	['has moved', head(302, { Location: '/else.xml' }), /status is 302/],
	['is no XML by its type', { contentType: 'application/octet-stream' }, /Content-Type/],
	['has a type without charset', { contentType: 'text/xml' }, /Content-Type/],
	['has a charset without quotes', { contentType: 'text/xml; charset=utf-8' }, /Content-Type/],
	['is not well-formed', { name: 'Tom & Jerry' }, /well-formed/],
	['has no type', { serve: (response) => void response.end(document(UUID, 'PC')) }, /no Content-Type/],
	['is compressed', head(200, { 'Content-Encoding': 'gzip' }), /sent as gzip/],
	[
		'is not in UTF-8',
		{ serve: (response) => void response.writeHead(200, XML).end(Buffer.from(document(UUID, 'B\u00fcro'), 'latin1')) },
		/UTF-8/,
	],
	['brings entities of its own', { body: `<!DOCTYPE a [<!ENTITY n "PC">]>${document(UUID, '&n;')}` }, /well-formed/],
	['holds what XML forbids', { name: 'PC&#27;[31m' }, /well-formed/],
	['has no friendlyName', { body: document(UUID, 'PC').replaceAll('friendlyName', 'modelName') }, /no friendlyName/],
	['has no UDN', { body: document(UUID, 'PC').replaceAll('UDN', 'serialNumber') }, /no UDN/],
	['is of somebody else', { body: document(OTHER, 'PC') }, /UDN is not/],
	['has no name', { name: '' }, /before the first ":"/],
	['is as long as a book', { body: document(UUID, 'x'.repeat(70_000)) }, /longer than 65536/],
	[
		'breaks off',
		{ serve: (response) => void response.writeHead(200, { 'Content-Length': '1000' }).write('<root>', () => response.destroy()) },
		/fetching it failed/,
	],
	['cannot be fetched', { fields: { LOCATION: 'http://127.0.0.1:1/desc.xml' } }, /fetching it failed.*ECONNREFUSED/],
])('a computer whose description %s is not listed', async (_what, ways, why) => {
	await using computer = await startAnswerer(ways);
	await using stage = await start(computer);
	expect((await stage.event('descriptionRefused')).why).toMatch(why);
	expect(listed(stage)).toEqual([]);
});

test.each([
	['quoted', [true, false, false, false]],
	['charset', [true, true, false, false]],
	['type', [true, true, true, false]],
] as const)('content types under %s', (strictness, good) => {
	const types = ['text/xml; charset="utf-8"', 'text/xml; charset=utf-8', 'text/xml', 'text/html'];
	expect(types.map((type) => contentTypeFault(type, strictness) === undefined)).toEqual(good);
	expect(contentTypeFault(undefined, strictness)).toMatch(/no Content-Type/);
});

test('a more lenient camera lists what a strict one refuses', async () => {
	await using computer = await startAnswerer({ contentType: 'text/xml' });
	await using stage = await start(computer, { contentType: 'type' });
	expect((await stage.event('listed')).names).toEqual(['LIVINGROOM']);
});

test('the search is repeated each second, and a computer that mends its ways is listed', async () => {
	await using computer = await startAnswerer({ name: 'A & B' });
	await using stage = await start(computer);
	await stage.event('descriptionRefused');
	computer.ways = { name: 'A &amp; B' };
	await vi.waitFor(() => {
		stage.clock.advance(1000);
		expect(listed(stage)).toEqual(['A & B']);
	});
	expect(computer.searches[0]).toMatch(/^M-SEARCH \* HTTP\/1\.1\r\n/);
	expect(new Set(computer.searches).size).toBe(1);
	const { fetches } = computer;
	const searches = computer.searches.length;
	stage.clock.advance(3000);
	await vi.waitFor(() => expect(computer.searches.length).toBeGreaterThanOrEqual(searches + 3));
	expect(computer.fetches).toBe(fetches); // one that is listed is not fetched again
});

test('four descriptions are fetched at a time; other computers are listed by a later search', async () => {
	const first = await startAnswerer({ serve: () => {} });
	const all = [first];
	try {
		for (const n of [2, 3, 4, 5, 6]) {
			const ways = { uuid: UUID.replace(/^./, String(n)), name: `PC${n}`, serve: () => {}, ssdpPort: first.ssdpPort };
			all.push(await startAnswerer(ways));
		}
		await using stage = await start(first);
		const fetches = (): number => all.reduce((sum, one) => sum + one.fetches, 0);
		await vi.waitFor(() => expect(fetches()).toBe(4));
		stage.clock.advance(2000);
		await vi.waitFor(() => expect(all.map(({ searches }) => searches.length)).toEqual([3, 3, 3, 3, 3, 3]));
		expect(fetches()).toBe(4); // the same four are not asked twice either
		for (const one of all) {
			const { serve: _, ...ways } = one.ways;
			one.ways = ways;
			one.hangUp();
		}
		await vi.waitFor(() => {
			stage.clock.advance(1000);
			expect(listed(stage)).toHaveLength(6);
		});
	} finally {
		for (const one of all) await one[Symbol.asyncDispose]();
	}
});

test('each reason is told once, however often it answers', async () => {
	await using computer = await startAnswerer({ fields: { ST: 'ssdp:all' } });
	await using stage = await start(computer);
	stage.clock.advance(3000);
	await vi.waitFor(() => expect(computer.searches).toHaveLength(4));
	computer.ways = { fields: { Server: undefined } };
	stage.clock.advance(1000);
	await stage.event('answerRefused', ({ why }) => /no Server/.test(why));
	expect(stage.events.filter(({ type }) => type === 'answerRefused')).toHaveLength(2);
});

/** Two computers that answer on one port of SSDP. */
async function two() {
	const living = await startAnswerer();
	const study = await startAnswerer({ uuid: OTHER, name: 'STUDY', ssdpPort: living.ssdpPort });
	return {
		living,
		study,
		ssdpPort: living.ssdpPort,
		[Symbol.asyncDispose]: async () => void (await Promise.all([living[Symbol.asyncDispose](), study[Symbol.asyncDispose]()])),
	};
}

test('several computers: the cursor chooses by hand', async () => {
	await using computers = await two();
	await using stage = await start(computers, { autoSet: { afterMs: 1000 } });
	await stage.event('listed', ({ names }) => names.length === 2);
	stage.clock.advance(5000);
	expect(stage.events.map(({ type }) => type)).not.toContain('selected'); // which one, nobody said
	expect((await stage.event('undecided')).names).toHaveLength(2);
	stage.camera.press('down');
	const second = listed(stage)[1];
	stage.camera.press('set');
	expect(await stage.event('selected')).toMatchObject({ name: second });
	expect(await stage.event('connected')).toMatchObject({ name: second });
});

test('several computers: by name, after the delay', async () => {
	await using computers = await two();
	await using stage = await start(computers, { autoSet: { afterMs: 1000, pick: 'STUDY' } });
	await stage.event('listed', ({ names }) => names.includes('STUDY'));
	stage.clock.advance(999);
	expect(stage.events.map(({ type }) => type)).not.toContain('selected');
	stage.clock.advance(1);
	expect(await stage.event('connected')).toMatchObject({ name: 'STUDY', uuid: OTHER });
});

test('after SET, only the chosen UUID counts: the same computer with a new one is not found', async () => {
	await using computer = await startAnswerer();
	await using stage = await start(computer);
	await stage.event('listed');
	computer.ways = { uuid: OTHER };
	stage.camera.press('set');
	expect(await stage.event('answerIgnored')).toMatchObject({ uuid: OTHER, why: 'notChosen' });
	stage.clock.advance(120_000);
	await expect(stage.camera.ended).resolves.toEqual({ why: 'targetNotFound', session: false });
	expect(stage.events).toContainEqual({ type: 'wifiOff', why: 'targetNotFound', session: false });
});

test('after SET, the description is read and judged again', async () => {
	await using computer = await startAnswerer();
	await using stage = await start(computer);
	await stage.event('listed');
	computer.ways = { contentType: 'text/html' };
	stage.camera.press('set');
	expect((await stage.event('descriptionRefused')).why).toMatch(/Content-Type/);
	expect(stage.camera.screen).toEqual({ shows: 'connecting', name: 'LIVINGROOM' });
});
