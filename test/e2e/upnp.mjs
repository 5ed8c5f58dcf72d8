// The group of SSDP on one address, for the small programs that play computers and phones: tells what it hears as JSON lines.
import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';

const GROUP = '239.255.255.250';
const PORT = 1900;

export const tell = (type, fields = {}) => process.stdout.write(`${JSON.stringify({ type, ...fields })}\n`);

const field = (text, name) => new RegExp(`^${name}:[ \t]*(.*?)\r?$`, 'im').exec(text)?.[1];

/** Joins on `address`; `heard` gets each message as its first line, its fields and who sent it. */
export function join(address, heard) {
	const ears = createSocket({ type: 'udp4', reuseAddr: true });
	const mouth = createSocket('udp4');
	for (const socket of [ears, mouth])
		socket.on('message', (bytes, from) => {
			if (from.address === address) return;
			const text = bytes.toString('latin1');
			heard({ first: text.split('\r\n')[0], field: (name) => field(text, name), from });
		});
	return new Promise((resolve) => {
		ears.bind(PORT, () => {
			ears.addMembership(GROUP, address);
			mouth.bind(0, address, () => {
				mouth.setMulticastInterface(address);
				resolve({
					say: (lines) => mouth.send(`${lines.join('\r\n')}\r\n\r\n`, PORT, GROUP),
					answer: (lines, to) => mouth.send(`${lines.join('\r\n')}\r\n\r\n`, to.port, to.address),
				});
			});
		});
	});
}

export const search = (target) => ['M-SEARCH * HTTP/1.1', `HOST: ${GROUP}:${PORT}`, 'MAN: "ssdp:discover"', 'MX: 3', `ST: ${target}`];

/** Does what stands on each line of stdin; its end is the program's end. */
export function obey(commands) {
	createInterface(process.stdin)
		.on('line', (line) => {
			const [name, ...args] = line.split(' ');
			commands[name]?.(...args);
		})
		.on('close', () => process.exit(0));
}
