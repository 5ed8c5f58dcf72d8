import { expect, test } from 'vitest';
import { type LanContext, type SearchDecision, SearchFilter } from '#discovery/computer/rules/search-filter.ts';

const home: LanContext = {
	own: new Set(['127.0.0.1', '192.168.1.20', '10.8.0.1']),
	subnets: [{ address: '192.168.1.20', prefix: 24 }],
	answerOwn: false,
};
const why = (from: string, target = 'upnp:rootdevice', around = home) => new SearchFilter().decide(from, target, 0, around).ignored;

test('a neighbour that looks for root devices is answered', () => {
	expect(new SearchFilter().decide('192.168.1.33', 'upnp:rootdevice', 0, home)).toEqual({ report: true });
	expect(why('192.168.1.33', 'ssdp:all')).toBeUndefined();
});

test('a neighbour that looks for something else is not', () => {
	expect(why('192.168.1.33', 'urn:schemas-upnp-org:device:MediaServer:1')).toBe('otherTarget');
});

test.each(['192.168.2.33', '10.8.0.7', '8.8.8.8', '192.168.1.255', '192.168.1.0', '0.0.0.0', '255.255.255.255', 'fe80::1', ''])(
	'%s is no neighbour',
	(from) => {
		expect(why(from)).toBe('otherSubnet');
	},
);

test.each(['192.168.1.20', '127.0.0.1', '10.8.0.1'])('%s is this computer’s own address, which is answered only on demand', (from) => {
	expect(why(from)).toBe('ownAddress');
	expect(why(from, 'upnp:rootdevice', { ...home, answerOwn: true })).toBeUndefined();
});

test('with several subnets, the hosts of each are answered', () => {
	const both = { ...home, subnets: [...home.subnets, { address: '10.8.0.1', prefix: 16 }] };
	expect(why('10.8.200.7', 'upnp:rootdevice', both)).toBeUndefined();
});

test('a flood of ignored searches is reported now and then, with the number of suppressed ones', () => {
	const judge = new SearchFilter();
	const verdicts: SearchDecision[] = [];
	for (let i = 0; i < 30_000; i++) verdicts.push(judge.decide('192.168.1.66', 'upnp:rootdevice', i / 10, home));
	const answered = verdicts.filter(({ ignored }) => ignored === undefined);
	const told = verdicts.filter(({ ignored, report }) => ignored !== undefined && report);
	expect(answered).toHaveLength(15);
	expect(told.length).toBeGreaterThanOrEqual(3);
	expect(told.length).toBeLessThanOrEqual(6);
	const last = verdicts.findLastIndex(({ ignored, report }) => ignored !== undefined && report);
	const counted = told.reduce((sum, { suppressed = 0 }) => sum + suppressed + 1, answered.length);
	expect(counted).toBeLessThanOrEqual(30_000);
	expect(counted).toBeGreaterThan(last - answered.length); // nothing was lost on the way
});

test('a flood from many addresses is reported at most twenty times a second', () => {
	const judge = new SearchFilter();
	let told = 0;
	for (let i = 0; i < 10_000; i++) if (judge.decide(`10.1.${i >> 8}.${i & 255}`, 'ssdp:all', i / 10, home).report) told++;
	expect(told).toBeGreaterThan(0);
	expect(told).toBeLessThanOrEqual(20);
});

test('a preferred neighbour is answered and reported among more forged ones than can be answered', () => {
	const judge = new SearchFilter();
	const around = { ...home, subnets: [{ address: '10.1.0.20', prefix: 16 }], preferred: (address: string) => address === '10.1.255.1' };
	const verdicts: SearchDecision[] = [];
	for (let i = 0; i < 30_000; i++) {
		judge.decide(`10.1.${1 + (i >> 8)}.${i & 255}`, 'ssdp:all', i / 10, around);
		if (i % 10_000 === 5000) verdicts.push(judge.decide('10.1.255.1', 'upnp:rootdevice', i / 10, around));
	}
	expect(verdicts).toEqual([{ report: true }, { report: true }, { report: true }]);
});
