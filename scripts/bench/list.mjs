// 3,000 pictures in 30 folders listed over a link of 2 x 5 ms: operations and seconds of each way, and of gphoto2.
//   npm run bench -- list --lister 'chdkptp ... {host} {port}'   another program, measured beside them
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADDRESS, BIN, start } from './measure.mjs';

const CAMERA = '127.0.0.2';
const FOLDERS = 30;
const EACH = 100;
const DELAY_MS = 5;
/** Operations and seconds that listing may cost. */
const SHORT = { operations: 60, seconds: 3 };
const SCRIPT = { operations: 150, seconds: 6 };

const WAYS = [
	['by 0x9109', ['--model', 'g9x'], SHORT],
	['by 0x9021', ['--model', 'sx530hs', '--no-chdk'], SHORT],
	['by a CHDK script', ['--model', 'elph340hs', '--fault', 'listing=9021:refuse', '--fault', 'listing=9805:refuse'], SCRIPT],
	['one by one', ['--model', 'g9x', '--fault', 'listing=9109:refuse', '--fault', 'listing=9021:refuse'], undefined],
];

function makeCard(folder) {
	for (let n = 0; n < FOLDERS * EACH; n++) {
		const path = join(folder, 'card', 'DCIM', `${100 + Math.floor(n / EACH)}CANON`);
		mkdirSync(path, { recursive: true });
		writeFileSync(join(path, `IMG_${String(n + 1).padStart(4, '0')}.JPG`), `picture ${n}`);
	}
	return join(folder, 'card');
}

/** Passes bytes on after a while, in both directions and in their order. */
async function slowRelay() {
	const server = createServer((client) => {
		const camera = connect(15740, CAMERA);
		for (const [from, to] of [
			[client, camera],
			[camera, client],
		]) {
			from.setNoDelay(true);
			from.on('data', (chunk) => setTimeout(() => to.write(chunk), DELAY_MS));
			from.on('end', () => setTimeout(() => to.end(), DELAY_MS));
			from.on('error', () => to.destroy());
		}
	});
	await new Promise((resolve) => server.listen(0, ADDRESS, resolve));
	return { port: server.address().port, close: () => server.close() };
}

/** A camera that is connected to a computer that only answers it, and the port behind the slow link. */
async function withCamera(folder, card, args, work) {
	const settings = ['--config-dir', join(folder, 'settings'), '--json'];
	const serving = start(process.execPath, [BIN, ...settings, 'serve', ADDRESS]);
	await serving.until('ready');
	const camera = start(process.execPath, [
		BIN,
		...settings,
		'simulate',
		'--address',
		CAMERA,
		'--media',
		card,
		'--select-after',
		'0',
		...args,
	]);
	const relay = await slowRelay();
	try {
		await camera.until('connected');
		return await work(relay.port, () => camera.events.filter(({ type }) => type === 'operation').length, folder);
	} finally {
		relay.close();
		await camera.stop();
		await serving.stop();
	}
}

async function ours(port, operations, folder) {
	const client = start(process.execPath, [
		BIN,
		'connect',
		'--tool',
		'builtin',
		'--address',
		ADDRESS,
		'--camera',
		ADDRESS,
		'--camera-port',
		String(port),
		'--config-dir',
		join(folder, 'client'),
		'--no-input',
		'--json',
		'--',
		'ls',
		'*.JPG',
	]);
	await client.until('connected');
	const before = operations();
	const began = performance.now();
	await client.until('ended');
	const seconds = (performance.now() - began) / 1000;
	await client.stop();
	const listed = client.events.filter(({ type, line }) => type === 'toolSaid' && /IMG_\d{4}\.JPG/.test(line)).length;
	if (listed !== FOLDERS * EACH) throw new Error(`ls showed ${listed} pictures`);
	return { operations: operations() - before, seconds };
}

async function program(file, args, operations) {
	const began = performance.now();
	const code = await new Promise((resolve) => spawn(file, args, { stdio: 'ignore' }).once('close', resolve));
	if (code !== 0) throw new Error(`${file} ended with ${code}`);
	return { operations: operations(), seconds: (performance.now() - began) / 1000 };
}

const row = (what, { operations, seconds }, goal) => [
	`list ${what}`,
	`${seconds.toFixed(1)} s`,
	`${operations} operations${goal === undefined ? '' : ` (goal: ${goal.operations}, ${goal.seconds} s)`}`,
];

export async function list(lister) {
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-bench-'));
	const rows = [];
	try {
		const card = makeCard(folder);
		for (const [what, args, goal] of WAYS) rows.push(row(what, await withCamera(folder, card, args, ours), goal));
		if (spawnSync('gphoto2', ['--version'], { stdio: 'ignore' }).status === 0) {
			const gphoto2 = (port, operations) =>
				program('gphoto2', ['--camera', 'PTP/IP Camera', '--port', `ptpip:${ADDRESS}:${port}:${port}`, '-L'], operations);
			rows.push(row('by gphoto2 -L', await withCamera(folder, card, ['--model', 'sx530hs', '--no-chdk'], gphoto2)));
		}
		if (lister !== undefined) {
			const other = (port, operations) => {
				const [file, ...args] = lister.replaceAll('{host}', ADDRESS).replaceAll('{port}', String(port)).split(' ');
				return program(file, args, operations);
			};
			rows.push(row(`by ${lister.split(' ')[0]}`, await withCamera(folder, card, ['--model', 'elph340hs'], other)));
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	return rows;
}
