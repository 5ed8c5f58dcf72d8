import { expect, test } from 'vitest';
import { routerLookup } from '#network/routers.ts';

const PROC = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
wlan0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0
eth0\t0000000A\tFE01A8C0\t0003\t0\t0\t0\t000000FF\t0\t0\t0
`;
const ROUTE_GET = `   route to: default
destination: default
       mask: default
    gateway: 192.168.1.1
  interface: en0
`;
const ROUTE_PRINT = `Network Destination        Netmask          Gateway       Interface  Metric
          0.0.0.0          0.0.0.0      192.168.1.1    192.168.1.20     35
          0.0.0.0          0.0.0.0          On-link        10.8.0.2      5
`;

const MACS = new Map([
	['192.168.1.1', '50:c7:bf:00:00:01'],
	['192.168.1.254', '50:c7:bf:00:00:fe'],
]);

test.each<[platform: string, command: RegExp, says: string, last: string[]]>([
	['linux', /^\/proc\/net\/route$/, PROC, ['1', '254']],
	['darwin', /^\/sbin\/route -n get default$/, ROUTE_GET, ['1']],
	['win32', /route\.exe print -4 0\.0\.0\.0$/, ROUTE_PRINT, ['1']],
	['linux', /./, '', []],
])('%s: the routers whose MACs are known, read once a minute', async (platform, command, says, last) => {
	const asked: string[] = [];
	const say = async (what: string) => {
		asked.push(what);
		return says;
	};
	let now = 0;
	const routers = routerLookup(
		{ platform, read: say, run: (file, args) => say([file, ...args].join(' ')) },
		async (address) => MACS.get(address),
		() => now,
	);
	const expected = last.map((end) => ({ address: `192.168.1.${end}`, mac: MACS.get(`192.168.1.${end}`) }));
	expect(await Promise.all([routers(), routers()])).toEqual([expected, expected]);
	now = 59_999;
	await routers();
	expect(asked).toEqual([expect.stringMatching(command)]);
	now = 60_000;
	await routers();
	expect(asked).toHaveLength(2);
});
