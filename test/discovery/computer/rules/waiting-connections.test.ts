import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CONNECTIONS, WaitingConnections } from '#discovery/computer/rules/waiting-connections.ts';

test('the newest connection is always accepted, and the oldest of the address with the most is closed', () => {
	const waiting = new WaitingConnections<string>({ all: 4, each: 3 });
	const gone = ['a1', 'a2', 'b1', 'a3', 'a4', 'c1', 'd1', 'e1'].map((name) => waiting.enter(name, name.charAt(0)));
	//                                    a has 3: a1 goes; then 4 wait: a2 (a holds most), then a3
	expect(gone).toEqual([undefined, undefined, undefined, undefined, 'a1', 'a2', 'a3', 'b1']);
});

test('among addresses with equally many connections, one that has searched lately is closed last', () => {
	const waiting = new WaitingConnections<string>({ all: 3, each: 3 });
	const gone = ['camera', 'a', 'b', 'c', 'd', 'e'].map((name) => waiting.enter(name, name, name === 'camera'));
	expect(gone).toEqual([undefined, undefined, undefined, 'a', 'b', 'c']);
	const searching = new WaitingConnections<string>({ all: 3, each: 3 });
	const loud = ['camera', 'a1', 'a2', 'a3'].map((name) => searching.enter(name, name.charAt(0), name !== 'camera'));
	expect(loud.at(-1)).toBe('a1'); // to have searched is no licence to hold more than others
});

test('a camera that sends its request after 300 ms is not closed while a whole home network keeps reconnecting', () => {
	const sources = fc.integer({ min: 1, max: 253 });
	const threads = fc.integer({ min: 64, max: 3000 });
	fc.assert(
		fc.property(sources, threads, fc.integer({ min: 1, max: 5 }), (sources, threads, perMs) => {
			const waiting = new WaitingConnections<string>();
			let n = 0;
			const noise = () => waiting.enter(`noise ${n}`, `192.168.1.${n++ % sources}`);
			for (let i = 0; i < threads; i++) noise();
			waiting.enter('camera', 'camera');
			for (let i = 0; i < 300 * perMs; i++) expect(noise()).not.toBe('camera');
		}),
		{ numRuns: 30 },
	);
});

test('a connection that has sent its request makes room and is never closed for another', () => {
	const waiting = new WaitingConnections<string>({ all: 2, each: 2 });
	waiting.enter('camera', 'x');
	waiting.leave('camera');
	waiting.leave('camera');
	expect(['a', 'b', 'c', 'd'].map((name) => waiting.enter(name, 'x'))).toEqual([undefined, undefined, 'a', 'b']);
});

test('the limits hold whatever comes and goes, and a new connection stays', () => {
	const step = fc.record({ address: fc.integer({ min: 0, max: 30 }), leaves: fc.option(fc.integer({ min: 0, max: 500 })) });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 500 }), (steps) => {
			const waiting = new WaitingConnections<number>();
			const open = new Map<number, number>();
			for (const [number, { address, leaves }] of steps.entries()) {
				open.set(number, address);
				const gone = waiting.enter(number, String(address));
				expect(gone).not.toBe(number);
				if (gone !== undefined) expect(open.delete(gone)).toBe(true);
				if (leaves !== null && open.delete(leaves)) waiting.leave(leaves);
				expect(waiting.size).toBe(open.size);
				expect(open.size).toBeLessThanOrEqual(CONNECTIONS.all);
				expect([...open.values()].filter((each) => each === address).length).toBeLessThanOrEqual(CONNECTIONS.each);
			}
		}),
		{ numRuns: 50 },
	);
});
