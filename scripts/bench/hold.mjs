// The software camera through `canon-wifi hold` against the same without it: gphoto2's downloads, and small operations
// of one and of many clients by a few lines of PTP/IP.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADDRESS, BIN, mbps, median, ms, peakMemory, start, times } from './measure.mjs';
import { makeCard } from './transfer.mjs';

const BYTES = 300_000_000;
const NAME = 'IMG_0300.JPG';
const FOLDER = '/store_00010001/DCIM/100CANON';
const CAMERA = '127.0.0.2';
const RUNS = 3;
/** More than the Wi-Fi of any of these cameras, in bytes a second. */
const SLOW = 25_000_000;
/** Enough that most of them run as warm as in a hold that has been there for a while. */
const OPERATIONS = 20_000;
const PIPE = fileURLToPath(new URL('pipe.mjs', import.meta.url));
const GET_STORAGE_IDS = 0x1004;

const settingsOf = (folder) => ['--config-dir', join(folder, 'settings'), '--json'];

function camera(folder, card, ...args) {
	return start(process.execPath, [
		BIN,
		...settingsOf(folder),
		'simulate',
		'--address',
		CAMERA,
		'--media',
		card,
		'--select-after',
		'0',
		...args,
	]);
}

/** Runs `work(port of the camera or of the hold, process id of the hold)` on a camera that is ready. */
async function direct(folder, card, args, work) {
	const serving = start(process.execPath, [BIN, ...settingsOf(folder), 'serve', ADDRESS]);
	await serving.until('ready');
	const cam = camera(folder, card, ...args);
	try {
		await cam.until('connected');
		return await work(CAMERA, 15740);
	} finally {
		await cam.stop();
		await serving.stop();
	}
}

async function held(folder, card, args, work) {
	const holding = start(process.execPath, [BIN, ...settingsOf(folder), 'hold', '--address', ADDRESS, '--no-input', '--unlock', 'never']);
	const { port } = await holding.until('sharing');
	const cam = camera(folder, card, ...args);
	try {
		await holding.until('connected');
		return await work(ADDRESS, port, holding.child.pid);
	} finally {
		await holding.stop();
		await cam.stop();
	}
}

/** Seconds of gphoto2's whole run for the file. */
function fetched(folder, host, port) {
	const to = join(folder, 'got');
	const began = performance.now();
	const { status, stderr } = spawnSync(
		'gphoto2',
		['--port', `ptpip:${host}:${port}:${port}`, '--folder', FOLDER, '--get-file', NAME, '--filename', to],
		{ env: { ...process.env, HOME: folder, LC_ALL: 'C' } },
	);
	const seconds = (performance.now() - began) / 1000;
	if (status !== 0) throw new Error(`gphoto2 ended with ${status}: ${stderr}`);
	rmSync(to);
	return seconds;
}

/** User and system time of a process so far, in seconds (Linux, 100 ticks a second). */
function cpu(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

const packet = (type, ...values) => {
	const bytes = Buffer.alloc(8 + values.reduce((sum, [size]) => sum + size, 0));
	bytes.writeUInt32LE(bytes.length, 0);
	bytes.writeUInt32LE(type, 4);
	let at = 8;
	for (const [size, value] of values) {
		bytes.writeUIntLE(value, at, size);
		at += size;
	}
	return bytes;
};

/** A client with an open session that asks one operation after the other; what comes back is only counted out. */
async function client(host, port) {
	const open = () =>
		new Promise((resolve, reject) => {
			const socket = connect({ host, port, noDelay: true }, () => resolve(socket)).once('error', reject);
		});
	let have = Buffer.alloc(0);
	let answered = () => {};
	const command = await open();
	command.on('data', (bytes) => {
		have = have.length === 0 ? bytes : Buffer.concat([have, bytes]);
		while (have.length >= 8 && have.length >= have.readUInt32LE(0)) {
			const one = have.subarray(0, have.readUInt32LE(0));
			have = have.subarray(one.length);
			if (one.readUInt32LE(4) === 2 || one.readUInt32LE(4) === 7) answered(one);
		}
	});
	const ask = (bytes) =>
		new Promise((resolve) => {
			answered = resolve;
			command.write(bytes);
		});
	const zeros = Array.from({ length: 16 }, () => [1, 0]);
	const ack = await ask(packet(1, ...zeros, [2, 0], [4, 0x10000]));
	const event = await open();
	event.write(packet(3, [4, ack.readUInt32LE(8)]));
	await new Promise((resolve) => event.once('data', resolve));
	event.resume();
	let id = 0;
	const operation = (code, ...params) => ask(packet(6, [4, 1], [2, code], [4, id++], ...params.map((value) => [4, value])));
	await operation(0x1002, 1);
	return {
		operation,
		close: () => {
			command.destroy();
			event.destroy();
		},
	};
}

/** Operations a second of so many clients together, and the median of one operation in milliseconds. */
async function small(host, port, clients) {
	const all = await Promise.all(Array.from({ length: clients }, () => client(host, port)));
	const each = Math.floor(OPERATIONS / clients);
	const took = [];
	const run = async (one, count) => {
		for (let n = 0; n < count; n++) {
			const began = performance.now();
			await one.operation(GET_STORAGE_IDS);
			took.push(performance.now() - began);
		}
	};
	await Promise.all(all.map((one) => run(one, Math.ceil(each / 10))));
	took.length = 0;
	const began = performance.now();
	await Promise.all(all.map((one) => run(one, each)));
	const seconds = (performance.now() - began) / 1000;
	for (const one of all) one.close();
	return { rate: took.length / seconds, median: median(took) };
}

async function medianOf(runs, measure) {
	const all = [];
	for (let n = 0; n < runs; n++) all.push(await measure());
	return median(all);
}

export async function hold() {
	if (spawnSync('gphoto2', ['--version']).status !== 0) return [['hold', 'not measured', 'gphoto2 is not installed']];
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-bench-'));
	try {
		const { card } = makeCard(folder, NAME, BYTES);
		const rows = [];
		for (const [what, args, goal] of [
			['no limit', [], 0.6],
			['25 MB/s', ['--rate', String(SLOW)], 0.95],
		]) {
			const bare = await medianOf(RUNS, () => direct(folder, card, args, (host, port) => fetched(folder, host, port)));
			let spent = 0;
			let peak = 0;
			const through = await held(folder, card, args, async (host, port, pid) => {
				const before = cpu(pid);
				const seconds = await medianOf(RUNS, () => fetched(folder, host, port));
				spent = (cpu(pid) - before) / RUNS / (BYTES / 1e9);
				peak = peakMemory(pid);
				return seconds;
			});
			const rates = [bare, through].map((seconds) => BYTES / 1e6 / seconds);
			rows.push([`gphoto2 direct, ${what}`, mbps(rates[0]), `300 MB, median of ${RUNS}`]);
			rows.push([`gphoto2 through hold, ${what}`, mbps(rates[1]), `${times(rates[1] / rates[0])} (goal: ${goal} x)`]);
			rows.push([`hold: CPU, ${what}`, `${spent.toFixed(1)} s/GB`, `peak memory ${peak.toFixed(0)} MB`]);
		}
		const bare = await direct(folder, card, [], (host, port) => small(host, port, 1));
		rows.push(['small operations direct', `${bare.rate.toFixed(0)} /s`, `median ${ms(bare.median)}`]);
		const copied = await direct(folder, card, [], async (host, port) => {
			const pipe = start(process.execPath, [PIPE, ADDRESS, host, String(port)]);
			const listening = await pipe.until('sharing');
			try {
				return await small(ADDRESS, listening.port, 1);
			} finally {
				await pipe.stop();
			}
		});
		rows.push([
			'small operations, a pipe of bytes',
			`${copied.rate.toFixed(0)} /s`,
			`${times(copied.rate / bare.rate)}: what being between costs`,
		]);
		await held(folder, card, [], async (host, port) => {
			for (const clients of [1, 4, 16]) {
				const through = await small(host, port, clients);
				const goal = clients === 1 ? ' (goal: 0.6 x)' : '';
				const added = clients === 1 ? `, ${ms(through.median - bare.median)} added` : '';
				rows.push([
					`small operations, hold, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
					`${through.rate.toFixed(0)} /s`,
					`${times(through.rate / bare.rate)}${goal}${added}`,
				]);
			}
		});
		return rows;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
