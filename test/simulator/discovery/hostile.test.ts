import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHeader, readLocation, readUsn } from '#protocol/ssdp/header.ts';
import { serveWeb } from '#simulator/discovery/web.ts';
import { actionsFault, judgePhone } from '#simulator/modes/smartphone/description.ts';
import { judgeAnnouncement } from '#simulator/modes/smartphone/phones.ts';
import { readParamSet } from '#simulator/modes/smartphone/result-set.ts';
import { http } from '../modes/eos/client.ts';
import { HOST, Line } from '../world.ts';

const latin1 = fc.string({ unit: 'binary', maxLength: 300 });
const headers = fc.oneof(
	latin1,
	fc
		.array(fc.tuple(fc.constantFrom('ST', 'NT', 'NTS', 'USN', 'Location', 'Server', '', 'x y'), latin1), { maxLength: 8 })
		.map((fields) => `${['NOTIFY * HTTP/1.1', ...fields.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`),
);

test('whatever a datagram holds, it is judged', () => {
	fc.assert(
		fc.property(headers, (text) => {
			const header = readHeader(text);
			if (!('why' in header)) judgeAnnouncement(header, HOST);
			readUsn(text);
			const url = readLocation(text, HOST);
			if (url instanceof URL) expect(url.protocol).toBe('http:');
		}),
	);
});

test('whatever a document holds, it is judged', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), (body) => {
			const fetched = { status: 200, contentType: 'text/xml', body };
			expect(judgePhone(fetched, 'x')).toHaveProperty('why');
			expect(actionsFault(fetched)).toBeTypeOf('string');
			readParamSet(body);
		}),
	);
});

test('a server that was sent nonsense, a broken request and a body without end still serves', async () => {
	const web = await serveWeb(HOST, 0, ({ target }) => {
		if (target === '/throws') throw new Error('a mistake of the handler');
		return { status: 200, body: 'here' };
	});
	try {
		const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');
		const nonsense = await Line.open(web.port);
		nonsense.send('00ff00ff0d0a0d0a');
		await nonsense.closed;
		const endless = await Line.open(web.port);
		endless.send(hex(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n${'x'.repeat(70_000)}`));
		await endless.closed;
		const broken = await Line.open(web.port);
		broken.send(hex('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc'));
		broken.close();
		const origin = `http://${HOST}:${web.port}`;
		expect((await http(`${origin}/throws`)).status).toBe(500);
		expect(await http(`${origin}/`)).toMatchObject({ status: 200, body: 'here' });
	} finally {
		await web.close();
	}
});

test('a port that is taken is left for the next free one', async () => {
	const first = await serveWeb(HOST, 0, () => ({ status: 200 }));
	const second = await serveWeb(HOST, first.port, () => ({ status: 204 }));
	try {
		expect(second.port).toBeGreaterThan(first.port);
		expect((await http(`http://${HOST}:${second.port}/`)).status).toBe(204);
	} finally {
		await first.close();
		await second.close();
	}
});
