/** Real hosts with real multicast between them: network namespaces joined by veth. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ResponderOptions, Search } from '#discovery/ports.ts';
import { search } from './asking.ts';

const id = `${process.pid}`.slice(-6);
const [ours, neighbour, elsewhere] = [`cw-ssdp-us-${id}`, `cw-ssdp-nb-${id}`, `cw-ssdp-el-${id}`];

const ip = (line: string) => execFileSync('ip', line.split(' '), { stdio: 'pipe' });

/** Why there can be no namespaces here, or nothing. */
function obstacle(): string | undefined {
	if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
	if (process.getuid?.() !== 0) return 'only root may make network namespaces';
	try {
		ip(`netns add cw-ssdp-try-${id}`);
		ip(`netns del cw-ssdp-try-${id}`);
		return undefined;
	} catch (error) {
		return `ip netns does not work here: ${error instanceof Error ? error.message.trim() : error}`;
	}
}

const why = obstacle();

/** Asks by multicast from `address`, and says each answer. CommonJS, for `node -e`. */
const ASKER = `
const [address, text, port] = process.argv.slice(1);
const socket = require('node:dgram').createSocket('udp4');
socket.on('message', (m, from) => console.log(JSON.stringify({ from: from.address, port: from.port, text: String(m) })));
socket.bind(0, address, () => { socket.setMulticastInterface(address); socket.send(text, Number(port), '239.255.255.250', () => console.log('{"asked":true}')); });
process.stdin.on('end', () => process.exit()).resume();
`;

/** Joins the group on an interface and does nothing else, as other programs on a computer do. */
const JOINER = `
const socket = require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true });
socket.bind(1900, () => { socket.addMembership('239.255.255.250', process.argv[1]); console.log('{"joined":true}'); });
process.stdin.on('end', () => process.exit()).resume();
`;

/** Opens UDP 1900 of one address as a program does that shares it, and is handed what is sent there alone. */
const THIEF = `
const socket = require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true });
socket.bind(1900, process.argv[1], () => console.log('{"bound":true}'));
process.stdin.on('end', () => process.exit()).resume();
`;

type Line = Record<string, unknown>;

/** A Node process in a namespace that says lines of JSON and ends with its stdin. */
function start(namespace: string, args: readonly string[]) {
	const child: ChildProcess = spawn('ip', ['netns', 'exec', namespace, process.execPath, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
	const lines: Line[] = [];
	const waiting = new Set<() => void>();
	if (child.stdout === null) throw new Error('no stdout');
	createInterface(child.stdout).on('line', (line) => {
		lines.push(JSON.parse(line));
		for (const wake of waiting) wake();
	});
	const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
	return {
		lines,
		/** Writes a line to its stdin, and waits for a new line that is like this. */
		async tell(line: string, like: (line: Line) => boolean) {
			const before = lines.filter(like).length;
			child.stdin?.write(`${line}\n`);
			await this.until(() => lines.filter(like).length > before);
			return lines.findLast(like);
		},
		/** Waits until one of the lines is like this. */
		until: (like: (line: Line) => boolean, withinMs = 10_000) =>
			new Promise<Line>((resolve, reject) => {
				const look = () => {
					const found = lines.find(like);
					if (found === undefined) return;
					clearTimeout(limit);
					waiting.delete(look);
					resolve(found);
				};
				const limit = setTimeout(() => reject(new Error(`not within ${withinMs} ms; so far ${JSON.stringify(lines)}`)), withinMs);
				waiting.add(look);
				look();
			}),
		async [Symbol.asyncDispose]() {
			child.stdin?.end();
			await ended;
		},
	};
}

describe.skipIf(why !== undefined && !process.env.CI)(`two hosts${why === undefined ? '' : ` (${why})`}`, () => {
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-two-hosts-'));
	const program = join(folder, 'responder.mjs');

	beforeAll(async () => {
		for (const namespace of [ours, neighbour, elsewhere]) {
			ip(`netns add ${namespace}`);
			ip(`-n ${namespace} link set lo up`);
		}
		const join = (name: string, subnet: string, other: string) => {
			ip(`link add ${name}a${id} netns ${ours} type veth peer name ${name}b${id} netns ${other}`);
			ip(`-n ${ours} addr add ${subnet}.1/24 dev ${name}a${id}`);
			ip(`-n ${other} addr add ${subnet}.2/24 dev ${name}b${id}`);
			ip(`-n ${ours} link set ${name}a${id} up`);
			ip(`-n ${other} link set ${name}b${id} up`);
		};
		join('cwn', '10.77.1', neighbour);
		join('cwe', '10.77.2', elsewhere);
		// A second address of the neighbour outside the subnet, which our kernel lets through.
		ip(`-n ${neighbour} addr add 10.99.0.5/24 dev cwnb${id}`);
		ip(`-n ${ours} route add 10.99.0.0/24 dev cwna${id}`);

		await build({
			entryPoints: [inProject('test/discovery/computer/responder-process.ts')],

			outfile: program,
			bundle: true,
			platform: 'node',
			format: 'esm',
			banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
			logLevel: 'error',
		});
	});

	afterAll(() => {
		for (const namespace of [ours, neighbour, elsewhere]) {
			try {
				ip(`netns del ${namespace}`);
			} catch {} // was never made
		}
		rmSync(folder, { recursive: true, force: true });
	});

	const theirs = (): ResponderOptions => ({
		network: { name: `cwnb${id}`, address: '10.77.1.2', prefix: 24, mac: '02:00:00:00:00:02', kind: 'cable' },
		bindAll: false,
		port: 1900,
		uuid: '00000000-0000-4000-8000-000000000000',
		location: 'http://10.77.1.2:8043/desc.xml',
		maxAge: 900,
		answerOwn: false,
	});
	const responder = async (more: Partial<ResponderOptions> = {}) => {
		const options: ResponderOptions = {
			network: { name: `cwna${id}`, address: '10.77.1.1', prefix: 24, mac: '02:00:00:00:00:01', kind: 'cable' },
			bindAll: false,
			port: 1900,
			uuid: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed',
			location: 'http://10.77.1.1:8043/desc.xml',
			maxAge: 900,
			answerOwn: false,
			...more,
		};
		const process = start(ours, [program, JSON.stringify(options)]);
		await process.until((line) => line.open === true);
		return process;
	};
	const ask = (namespace: string, address: string) => start(namespace, ['-e', ASKER, '--', address, search(), '1900']);
	const from = (address: string) => (line: Line) => (line.search as Search | undefined)?.from === address;
	const answers = ({ lines }: { lines: Line[] }) => lines.filter((line) => 'text' in line);

	test('a neighbour is answered once, with the address and from the address of the chosen interface', async () => {
		await using _us = await responder();
		await using camera = ask(neighbour, '10.77.1.2');
		expect(await camera.until((line) => 'text' in line)).toMatchObject({
			from: '10.77.1.1',
			port: 1900,
			text: expect.stringContaining('LOCATION: http://10.77.1.1:8043/desc.xml\r\n'),
		});
		await using second = ask(neighbour, '10.77.1.2'); // whatever else came to the first stands before this answer
		await second.until((line) => 'text' in line);
		expect(answers(camera)).toHaveLength(1);
	});

	test('searches on another interface, from another subnet or from this computer get no answer', async () => {
		await using us = await responder();
		await using joiner = start(ours, ['-e', JOINER, '--', '10.77.2.1']); // Linux hands us its multicasts as well
		await joiner.until((line) => line.joined === true);
		await using other = ask(elsewhere, '10.77.2.2');
		await using stranger = ask(neighbour, '10.99.0.5');
		await using own = ask(ours, '10.77.1.1');
		expect(await us.until(from('10.77.2.2'))).toMatchObject({ search: { ignored: 'otherSubnet' } });
		expect(await us.until(from('10.99.0.5'))).toMatchObject({ search: { ignored: 'otherSubnet' } });
		expect(await us.until(from('10.77.1.1'))).toMatchObject({ search: { ignored: 'ownAddress' } });
		await using camera = ask(neighbour, '10.77.1.2');
		await camera.until((line) => 'text' in line);
		expect([other, stranger, own].flatMap(answers)).toEqual([]);
	});

	test('with --bind-all the other interface is answered too, with the announced address', async () => {
		await using _us = await responder({ bindAll: true });
		await using other = ask(elsewhere, '10.77.2.2');
		expect(await other.until((line) => 'text' in line)).toMatchObject({ text: expect.stringContaining('http://10.77.1.1:8043/') });
	});

	describe('test searches', () => {
		const probe = (us: ReturnType<typeof start>) => us.tell('probe', (line) => 'heard' in line);
		const quiet = (us: ReturnType<typeof start>) => us.lines.filter((line) => 'search' in line || 'failed' in line);

		test('are heard, and are not reported as searches, here or on another computer', async () => {
			await using us = await responder();
			await using other = start(neighbour, [program, JSON.stringify(theirs())]);
			await other.until((line) => line.open === true);
			expect(await probe(us)).toEqual({ heard: { sendRefused: null, group: true, alone: true } });
			await using camera = ask(neighbour, '10.77.1.2');
			await camera.until((line) => 'text' in line);
			expect([...quiet(us), ...quiet(other)].map((line) => (line.search as Search).target)).not.toContainEqual(
				expect.stringContaining('self-test'),
			);
		});

		test('are not heard when a firewall drops them', async () => {
			await using us = await responder();
			const nft = (line: string) => execFileSync('ip', ['netns', 'exec', ours, 'nft', ...line.split(' ')], { stdio: 'pipe' });
			nft('add table inet cw');
			try {
				nft('add chain inet cw in { type filter hook input priority 0 ; }');
				nft(`add rule inet cw in iifname cwna${id} udp dport 1900 drop`);
				expect(await probe(us)).toEqual({ heard: { sendRefused: null, group: false, alone: true } });
			} finally {
				nft('delete table inet cw');
			}
			expect(await probe(us)).toMatchObject({ heard: { group: true } });
		});

		test('show that a program that started later gets unicast datagrams, until the sockets are renewed', async () => {
			await using us = await responder();
			await using thief = start(ours, ['-e', THIEF, '--', '10.77.1.1']);
			await thief.until((line) => line.bound === true);
			expect(await probe(us)).toMatchObject({ heard: { group: true, alone: false } });
			await us.tell('renew', (line) => line.renewed === true);
			expect(await probe(us)).toMatchObject({ heard: { group: true, alone: true } });
		});
	});

	test('renewing the sockets tells a switch again that this computer is in the group', async () => {
		const [bridge, port] = [`cw-ssdp-sw-${id}`, `cwsb${id}`];
		ip(`netns add ${bridge}`);
		try {
			// It forgets a membership after two seconds, and nobody asks for it: IGMP snooping without a querier.
			ip(`-n ${bridge} link add br0 type bridge mcast_snooping 1 mcast_querier 0 mcast_membership_interval 200`);
			ip(`-n ${bridge} link set br0 up`);
			ip(`link add cwsa${id} netns ${ours} type veth peer name ${port} netns ${bridge}`);
			ip(`-n ${bridge} link set ${port} master br0 up`);
			ip(`-n ${ours} addr add 10.77.3.1/24 dev cwsa${id}`);
			ip(`-n ${ours} link set cwsa${id} up`);
			const knows = () =>
				execFileSync('ip', ['netns', 'exec', bridge, 'bridge', 'mdb', 'show'], { encoding: 'utf8' }).includes('239.255.255.250');
			await using us = await responder({ network: { name: `cwsa${id}`, address: '10.77.3.1', prefix: 24, mac: '', kind: 'cable' } });
			await vi.waitUntil(knows, 10_000);
			await vi.waitUntil(() => !knows(), 10_000);
			await us.tell('renew', (line) => line.renewed === true);
			await vi.waitUntil(knows, 10_000);
		} finally {
			ip(`netns del ${bridge}`);
		}
	});

	test('an interface that was down for a moment is heard again', async () => {
		await using _us = await responder();
		ip(`-n ${ours} link set cwna${id} down`);
		ip(`-n ${ours} link set cwna${id} up`);
		await using camera = ask(neighbour, '10.77.1.2');
		await camera.until((line) => line.asked === true);
		await using again = ask(neighbour, '10.77.1.2');
		await again.until((line) => 'text' in line);
	});
});

function inProject(path: string): string {
	return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
