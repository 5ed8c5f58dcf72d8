import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { ssdpResponder } from '#discovery/computer/responder.ts';
import type { ResponderOptions, Search } from '#discovery/ports.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import { freeUdpPort, neighbour, search } from './asking.ts';

const loopback: NetworkInterface = { name: 'lo', address: '127.0.0.1', prefix: 8, mac: '00:00:00:00:00:00', kind: 'loopback' };
const UUID = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';

async function responder(options: Partial<ResponderOptions> = {}, now?: () => number) {
	const port = options.port ?? (await freeUdpPort());
	const searches: Search[] = [];
	const failures: string[] = [];
	const open = await ssdpResponder(now).open(
		{
			network: loopback,
			bindAll: false,
			port,
			uuid: UUID,
			location: 'http://127.0.0.1:8043/desc.xml',
			maxAge: 900,
			answerOwn: true,
			...options,
		},
		{ search: (one) => searches.push(one), failed: (why) => failures.push(why) },
	);
	return { ...open, port, searches, failures, [Symbol.asyncDispose]: open.close };
}

/** The fields and order of the helper scripts that cameras are known to take. */
const ANSWER =
	'HTTP/1.1 200 OK\r\n' +
	'ST: upnp:rootdevice\r\n' +
	'USN: uuid:1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed::upnp:rootdevice\r\n' +
	'LOCATION: http://127.0.0.1:8043/desc.xml\r\n' +
	'Cache-Control: max-age=900\r\n' +
	'Server: Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0\r\n' +
	'Ext: \r\n' +
	'\r\n';

test('a multicast search is answered once, by unicast, from the announced address and port', async () => {
	await using ours = await responder();
	await using camera = await neighbour('127.0.0.2', ours.port);
	await camera.ask();
	expect(await camera.next()).toEqual({ text: ANSWER, from: '127.0.0.1', port: ours.port });
	expect(ours.searches).toEqual([{ from: '127.0.0.2', port: camera.port, target: 'upnp:rootdevice' }]);

	// What would have been sent a second time would stand before the answer to this one.
	await camera.ask(search('ssdp:all'));
	await camera.next();
	expect(camera.answers.map(({ text }) => text)).toEqual([ANSWER, ANSWER]);
});

test('a search sent to our address alone is answered too', async () => {
	await using ours = await responder();
	await using camera = await neighbour('127.0.0.2', ours.port);
	await camera.ask(search(), '127.0.0.1');
	expect(await camera.next()).toEqual({ text: ANSWER, from: '127.0.0.1', port: ours.port });
});

test('a search needs only the request line and ST', async () => {
	await using ours = await responder();
	await using camera = await neighbour('127.0.0.2', ours.port);
	await camera.ask('m-search * http/1.0\nst:upnp:rootdevice');
	expect((await camera.next())?.text).toBe(ANSWER);
});

test('other targets and other messages get no answer, and other messages are not reported', async () => {
	await using ours = await responder();
	await using neighbourly = await neighbour('127.0.0.3', ours.port);
	await neighbourly.ask(search('urn:dial-multiscreen-org:service:dial:1'));
	await neighbourly.ask('NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n\r\n');
	await neighbourly.ask(ANSWER);
	await neighbourly.ask(new Uint8Array(0));
	await neighbourly.ask(search());
	await neighbourly.next();
	expect(neighbourly.answers).toHaveLength(1);
	expect(ours.searches.map(({ target, ignored }) => [target, ignored])).toEqual([
		['urn:dial-multiscreen-org:service:dial:1', 'otherTarget'],
		['upnp:rootdevice', undefined],
	]);
});

test('our own searches and those from other networks get no answer', async () => {
	const small = { ...loopback, prefix: 29 }; // 127.0.0.0 to 127.0.0.7
	await using ours = await responder({ network: small, answerOwn: false });
	await using own = await neighbour('127.0.0.1', ours.port);
	await using stranger = await neighbour('127.0.0.9', ours.port);
	await using camera = await neighbour('127.0.0.2', ours.port);
	await own.ask();
	await stranger.ask();
	await camera.ask();
	await camera.next();
	expect(ours.searches.map(({ from, ignored }) => [from, ignored])).toEqual([
		['127.0.0.1', 'ownAddress'],
		['127.0.0.9', 'otherSubnet'],
		['127.0.0.2', undefined],
	]);
	expect([...own.answers, ...stranger.answers]).toEqual([]);
});

test('no search is lost or answered twice while the sockets are renewed again and again', async () => {
	let seconds = 0;
	await using ours = await responder({}, () => 1000 * seconds++); // so that no search is one too many
	let over = false;
	const renewing = (async () => {
		while (!over) await ours.renew();
	})();
	const asked = 100;
	try {
		for (let n = 0; n < asked; n++) {
			await using one = await neighbour(`127.0.1.${n + 1}`, ours.port);
			await one.ask(search(), n % 2 === 0 ? '239.255.255.250' : '127.0.0.1');
			expect(await one.next(1000), `search ${n}`).toMatchObject({ text: ANSWER, from: '127.0.0.1', port: ours.port });
			expect(one.answers).toHaveLength(1);
		}
	} finally {
		over = true;
		await renewing;
	}
	await using camera = await neighbour('127.0.0.2', ours.port);
	await camera.ask();
	await camera.next();
	// Counted, not compared by sender: Wine names 127.0.0.1 for what came by unicast.
	expect(ours.searches).toHaveLength(asked + 1);
	expect(ours.failures).toEqual([]);
});

test('closing during a renewal or a test search leaves nothing behind', async () => {
	const ours = await responder();
	const stopped = new AbortController();
	const [renewed, probed] = [ours.renew(), ours.probe(stopped.signal)];
	stopped.abort();
	await ours.close();
	await Promise.all([renewed, probed]);
	await ours.renew();
	const exclusive = createSocket('udp4').bind(ours.port, '0.0.0.0');
	await once(exclusive, 'listening');
	await new Promise<void>((resolve) => exclusive.close(resolve));
});

test('two responders share the port, and each answers', async () => {
	await using first = await responder();
	await using second = await responder({ port: first.port, uuid: '00000000-0000-4000-8000-000000000000' });
	await using camera = await neighbour('127.0.0.2', second.port);
	await camera.ask();
	if (camera.answers.length < 2) await camera.next();
	if (camera.answers.length < 2) await camera.next();
	expect(new Set(camera.answers.map(({ text }) => text.includes(UUID)))).toEqual(new Set([true, false]));
});

test('a port that another program does not share is reported at once', async () => {
	const other = createSocket('udp4').bind(0, '0.0.0.0');
	await once(other, 'listening');
	const { port } = other.address();
	try {
		await expect(responder({ port })).rejects.toMatchObject({ code: 'portTaken', exitCode: 69 });
	} finally {
		other.close();
	}
	await using free = await responder({ port }); // and the failed one left nothing behind
	expect(free.port).toBe(port);
});

test('an address that this computer does not have is reported at once', async () => {
	const gone = { ...loopback, address: '192.0.2.77', prefix: 24 };
	await expect(responder({ network: gone })).rejects.toMatchObject({ code: 'cannotListen' });
});

test('closing frees the port and stops all answers, and closing twice is fine', async () => {
	const ours = await responder();
	await ours.close();
	await ours.close();
	const exclusive = createSocket('udp4').bind(ours.port, '0.0.0.0');
	await once(exclusive, 'listening');
	await new Promise<void>((resolve) => exclusive.close(resolve));
	expect(ours.failures).toEqual([]);
});

test('nothing is announced unasked', async () => {
	const port = await freeUdpPort();
	const listener = createSocket({ type: 'udp4', reuseAddr: true }).bind(port);
	await once(listener, 'listening');
	listener.addMembership('239.255.255.250', '127.0.0.1');
	const heard: string[] = [];
	const marked = new Promise<void>((resolve) =>
		listener.on('message', (datagram) => {
			heard.push(datagram.toString('latin1'));
			if (datagram.includes('end')) resolve();
		}),
	);
	const ours = await responder({ port });
	await ours.close(); // node-ssdp says NOTIFY byebye here
	await using marker = await neighbour('127.0.0.2', port);
	await marker.ask('end');
	await marked;
	listener.close();
	expect(heard).toEqual(['end']);
});
