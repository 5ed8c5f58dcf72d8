// A neighbourhood that is no camera, on one address: a Windows PC, a TV, a router, a port scanner, and nonsense.
// argv: own address, the port of whoever answers is learnt from the answers. Ends with its stdin.
import { createSocket } from 'node:dgram';
import { get } from 'node:http';

const address = process.argv[2];
const GROUP = '239.255.255.250';
const searches = [
	'M-SEARCH * HTTP/1.1\r\nHost:239.255.255.250:1900\r\nST:upnp:rootdevice\r\nMan:"ssdp:discover"\r\nMX:3\r\n\r\n',
	'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ssdp:all\r\n\r\n',
	'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: urn:dial-multiscreen-org:service:dial:1\r\n\r\n',
	'NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nUSN: uuid:1::upnp:rootdevice\r\nLOCATION: http://10.77.0.1:1/\r\n\r\n',
	'M-SEARCH * HTTP/1.1\r\n',
	'M-SEARCH * HTTP/1.1\r\nST:\r\n\r\n',
	`M-SEARCH * HTTP/1.1\r\nST: ${'A'.repeat(1200)}\r\n\r\n`,
	Buffer.from([0, 255, 254, 13, 10, 13, 10, 27, 91, 50, 74]),
	'',
];
const browsers = ['Microsoft-Windows/10.0 UPnP/1.0', 'DLNADOC/1.50 SEC_HHP_[TV] Samsung', 'Mozilla/5.0 (Windows NT 10.0)'];

const socket = createSocket('udp4');
let reads = 0;
socket.on('message', (message) => {
	const location = /^location:\s*(\S+)/im.exec(String(message))?.[1];
	if (location === undefined) return;
	const read = get(
		location,
		{ localAddress: address, agent: false, headers: { 'User-Agent': browsers[reads++ % browsers.length] } },
		(response) => response.resume(),
	);
	read.on('error', () => {});
});
socket.bind(0, address, () => {
	socket.setMulticastInterface(address);
	let n = 0;
	const timer = setInterval(() => socket.send(searches[n++ % searches.length], 1900, GROUP, () => {}), 120);
	process.stdout.write('{"type":"noisy"}\n');
	process.stdin.resume().on('end', () => {
		clearInterval(timer);
		process.exit(0);
	});
});
