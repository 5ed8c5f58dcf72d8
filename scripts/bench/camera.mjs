// The software camera's own speed: GetObject, asked by a few lines of PTP/IP, against a plain copy of the same file.
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADDRESS, BIN, mbps, median, start, times } from './measure.mjs';
import { makeCard } from './transfer.mjs';

const BYTES = 300_000_000;
const RUNS = 9;
const CAMERA = '127.0.0.2';
const PORT = 15740;

/** A socket that reads into one buffer; `until(n)` resolves when n bytes more have come, with those that `keep` wants. */
function reader(port, host) {
	const buffer = Buffer.alloc(1 << 20);
	const state = { left: 0, kept: [], keep: false, done: () => {}, failed: () => {} };
	const socket = connect({
		port,
		host,
		noDelay: true,
		onread: {
			buffer,
			callback: (size) => {
				if (state.keep) state.kept.push(Buffer.from(buffer.subarray(0, size)));
				state.left -= size;
				if (state.left <= 0) state.done();
				return true;
			},
		},
	});
	socket.once('close', () => state.failed(new Error(`${state.left} bytes are missing`)));
	const ready = new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
	return {
		socket,
		ready,
		until: (bytes, keep = false) =>
			new Promise((resolve, failed) => {
				Object.assign(state, { left: bytes, kept: [], keep, done: () => resolve(Buffer.concat(state.kept)), failed });
			}),
	};
}

const rateOf = (began) => BYTES / 1e6 / ((performance.now() - began) / 1000);

async function copyRate(file) {
	const server = createServer((socket) =>
		createReadStream(file, { highWaterMark: 1 << 20 })
			.pipe(socket)
			.on('error', () => {}),
	);
	await new Promise((resolve) => server.listen(0, ADDRESS, resolve));
	const from = reader(server.address().port, ADDRESS);
	const all = from.until(BYTES);
	await from.ready;
	const began = performance.now();
	await all;
	const rate = rateOf(began);
	from.socket.destroy();
	server.close();
	return rate;
}

/** An Operation Request with u32 parameters. */
function request(code, transaction, ...params) {
	const bytes = Buffer.alloc(18 + 4 * params.length);
	bytes.writeUInt32LE(bytes.length, 0);
	bytes.writeUInt32LE(6, 4);
	bytes.writeUInt32LE(1, 8);
	bytes.writeUInt16LE(code, 12);
	bytes.writeUInt32LE(transaction, 14);
	for (const [n, value] of params.entries()) bytes.writeUInt32LE(value, 18 + 4 * n);
	return bytes;
}

/** A session with a camera on this card. `rate` asks for its one picture; `stop` ends both programs. */
async function cameraWith(card, settings) {
	const serving = start(process.execPath, [BIN, 'serve', ADDRESS, '--config-dir', settings, '--json']);
	await serving.until('ready');
	const cam = start(process.execPath, [BIN, 'simulate', '--json', '--address', CAMERA, '--media', card, '--select-after', '0']);
	const stop = async () => {
		await cam.stop();
		await serving.stop();
	};
	try {
		await cam.until('connected');
		const command = reader(PORT, CAMERA);
		await command.ready;
		const hello = Buffer.from('26000000010000000000000000000000deadbeef1234567877006800650065000000 00000100'.replaceAll(' ', ''), 'hex');
		const ack = command.until(34, true);
		command.socket.write(hello);
		const number = (await ack).readUInt32LE(8);
		const event = reader(PORT, CAMERA);
		await event.ready;
		const eventAck = event.until(8);
		event.socket.write(Buffer.from([12, 0, 0, 0, 3, 0, 0, 0, number, 0, 0, 0]));
		await eventAck;
		const opened = command.until(14);
		command.socket.write(request(0x1002, 0, 1));
		await opened;
		// Start Data, End Data with a count and one handle, Response.
		const handles = command.until(20 + 12 + 8 + 14, true);
		command.socket.write(request(0x1007, 1, 0xffff_ffff, 0x3801, 0));
		const handle = (await handles).readUInt32LE(20 + 12 + 4);
		let transaction = 1;
		const rate = async () => {
			const object = command.until(BYTES + 20 + 14);
			const began = performance.now();
			transaction++;
			command.socket.write(request(0x1009, transaction, handle));
			await object;
			const result = rateOf(began);
			// The headers of its Data packets are a few bytes more; the next answer is only asked for when all have come.
			await new Promise((resolve) => setTimeout(resolve, 100));
			return result;
		};
		return { rate, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** In turn, so that a drifting machine hurts both alike. */
export async function camera() {
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-bench-'));
	try {
		const { card, file } = makeCard(folder);
		const { rate, stop } = await cameraWith(card, join(folder, 'settings'));
		const [copies, objects] = [[], []];
		try {
			for (let n = 0; n < RUNS; n++) {
				copies.push(await copyRate(file));
				objects.push(await rate());
			}
		} finally {
			await stop();
		}
		const ratio = median(objects.map((object, n) => object / copies[n]));
		return [
			['plain copy over a socket', mbps(median(copies)), `300 MB, median of ${RUNS}`],
			['GetObject from the software camera', mbps(median(objects)), `${times(ratio)} of the copy (goal: 0.7 x)`],
		];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
