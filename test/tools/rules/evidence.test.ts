import { expect, test } from 'vitest';
import { evidenceOf, receivedInSs } from '#tools/rules/evidence.ts';

test.each([
	[0, undefined, undefined],
	[100, 54, undefined],
	[100, 154, undefined],
	[100, 281, 'session'],
	[0, 281, undefined],
	[8300, undefined, undefined],
	[8300, 54, undefined],
	[9100, undefined, 'open'],
])('both connections for %i ms, and %s bytes received: %s', (bothForMs, received, evidence) => {
	expect(evidenceOf({ bothForMs, received })).toBe(evidence);
});

test('bytes that were received, as ss of iproute2 6.1 prints them', () => {
	const text = `State Recv-Q Send-Q Local Address:Port Peer Address:Port Process
ESTAB 0      0      127.0.0.1:33854 127.0.0.1:52285 ino:227335 sk:1 cgroup:/ <->
	 ts sack bbr wscale:10,10 rto:200 bytes_acked:1 bytes_received:123 segs_out:3
ESTAB 0      0      127.0.0.1:33856 127.0.0.1:52285 ino:227336 sk:2 cgroup:/ <->
	 ts sack bbr wscale:10,10 rto:200 bytes_acked:1 segs_out:3
`;
	expect([...receivedInSs(text)]).toEqual([
		['227335', 123],
		['227336', 0],
	]);
	expect(receivedInSs('').size).toBe(0);
});
