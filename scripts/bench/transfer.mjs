// One file of 300 MB from the software camera by the built-in client, against `cat` on a bare socket.
import { spawnSync } from 'node:child_process';
import { closeSync, createReadStream, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADDRESS, BIN, mbps, median, peakMemory, start, times } from './measure.mjs';

const BYTES = 300_000_000;
const RUNS = 6;

export function makeCard(folder, name = 'IMG_0300.JPG', bytes = BYTES) {
	const path = join(folder, 'card', 'DCIM', '100CANON');
	mkdirSync(path, { recursive: true });
	const file = openSync(join(path, name), 'w');
	const piece = Buffer.alloc(1_000_000);
	for (let i = 0; i < piece.length; i++) piece[i] = (i * 2_654_435_761) >>> 24;
	for (let left = bytes; left > 0; left -= piece.length) writeSync(file, piece, 0, Math.min(left, piece.length));
	closeSync(file);
	return { card: join(folder, 'card'), file: join(path, name) };
}

/** MB/s of `cat` from a socket into a file. */
async function cat(file, to) {
	const server = createServer((socket) => createReadStream(file, { highWaterMark: 1 << 20 }).pipe(socket));
	await new Promise((resolve) => server.listen(0, ADDRESS, resolve));
	const { port } = server.address();
	const { spawn } = await import('node:child_process');
	const began = performance.now();
	const child = spawn('bash', ['-c', `exec 3<>/dev/tcp/${ADDRESS}/${port}; cat <&3 >"$1"`, 'bash', to]);
	await new Promise((resolve) => child.once('close', resolve));
	const seconds = (performance.now() - began) / 1000;
	server.close();
	if (statSync(to).size !== BYTES) throw new Error('cat did not get it all');
	rmSync(to);
	return BYTES / 1e6 / seconds;
}

/** MB/s of `get` between the events of its transfer, and its peak memory in MB with the memory it had before. */
async function get(folder, card, to) {
	const settings = join(folder, 'settings');
	const camera = start(process.execPath, [BIN, 'simulate', '--address', ADDRESS, '--media', card, '--select-after', '0', '--json']);
	await camera.until('searching');
	const client = start(process.execPath, [
		BIN,
		'connect',
		'--tool',
		'builtin',
		'--address',
		ADDRESS,
		'--config-dir',
		settings,
		'--json',
		'--',
		'get',
		'IMG_0300.JPG',
		'--to',
		to,
	]);
	await client.until('connected');
	const idle = peakMemory(client.child.pid);
	let peak = idle;
	const watch = setInterval(() => {
		try {
			peak = Math.max(peak, peakMemory(client.child.pid));
		} catch {
			// It has ended.
		}
	}, 20);
	const { time: connected } = await client.until('connected');
	const done = new Promise((resolve) => {
		const look = () => {
			const found = client.events.find((event) => event.type === 'transfer' && event.state === 'done');
			if (found === undefined) setTimeout(look, 5);
			else resolve(found);
		};
		look();
	});
	const first = await client.until('transfer');
	const last = await done;
	clearInterval(watch);
	await client.ended;
	await camera.stop();
	if (statSync(last.to).size !== BYTES) throw new Error('get did not get it all');
	rmSync(last.to);
	const began = first.state === 'running' && first.bytes === 0 ? first.time : connected;
	return { rate: BYTES / 1e6 / ((Date.parse(last.time) - Date.parse(began)) / 1000), idle, peak };
}

export async function transfer() {
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-bench-'));
	try {
		const { card, file } = makeCard(folder);
		const bare = [];
		const ours = [];
		const both = [
			async () => bare.push(await cat(file, join(folder, 'cat'))),
			async () => ours.push(await get(folder, card, join(folder, 'photos'))),
		];
		for (let n = 0; n < RUNS; n++)
			// Each comes first as often as the other, and on a disk that has nothing left to write.
			for (const one of n % 2 === 0 ? both : both.toReversed()) {
				spawnSync('sync');
				await one();
			}
		const [catRate, getRate] = [median(bare), median(ours.map(({ rate }) => rate))];
		// Of neighbours in time, since a busy machine changes faster than all runs take.
		const ratio = median(ours.map(({ rate }, n) => rate / bare[n]));
		const more = median(ours.map(({ peak, idle }) => peak - idle));
		return [
			['cat from a bare socket', mbps(catRate), `300 MB, median of ${RUNS}`],
			['builtin get', mbps(getRate), `${times(ratio)} of cat, median of the pairs (goal: 0.5 x)`],
			['builtin get: memory over idle', `${more.toFixed(0)} MB`, 'peak (goal: 30 MB)'],
		];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
