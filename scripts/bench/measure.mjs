// What the benchmarks share: processes, medians, rows.
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { root } from '../setup.mjs';

export const BIN = `${root}bin/canon-wifi.mjs`;
export const ADDRESS = '127.0.0.1';
const GROUP = '239.255.255.250';
const SEARCH = Buffer.from(
	'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n',
);

export function quantile(values, q) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
export const median = (values) => quantile(values, 0.5);
export const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
export const mbps = (value) => `${value.toFixed(0)} MB/s`;
export const times = (value) => `${value.toFixed(2)} x`;

/** Seconds of wall time of whole runs, the programs in turn so that a drifting machine hurts both alike. */
export function wallTimes(commands, runs) {
	const all = commands.map(() => []);
	for (let run = -1; run < runs; run++)
		commands.forEach(([file, ...args], n) => {
			const began = performance.now();
			const { status } = spawnSync(file, args, { stdio: 'ignore' });
			if (status !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${status}`);
			if (run >= 0) all[n].push(performance.now() - began);
		});
	return all;
}

/** Starts a program; `until` waits for a JSON line of stdout. */
export function start(file, args, options = {}) {
	// A group of its own: the old helper scripts leave a second process behind when only the first is ended.
	const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true, ...options });
	const kill = (signal) => {
		try {
			process.kill(-child.pid, signal);
		} catch {
			// It has ended.
		}
	};
	const events = [];
	const waiting = new Set();
	let over = false;
	const wake = () => {
		for (const look of waiting) look();
	};
	createInterface(child.stdout).on('line', (line) => {
		if (line.startsWith('{')) events.push(JSON.parse(line));
		wake();
	});
	const ended = new Promise((resolve) =>
		child.once('close', (code) => {
			over = true;
			wake();
			resolve(code);
		}),
	);
	return {
		child,
		events,
		ended,
		until: (type) =>
			new Promise((resolve, reject) => {
				const look = () => {
					const found = events.find((event) => event.type === type);
					if (found === undefined && !over) return;
					waiting.delete(look);
					if (found === undefined) reject(new Error(`${file} ${args.join(' ')} ended before "${type}"`));
					else resolve(found);
				};
				waiting.add(look);
				look();
			}),
		async stop() {
			if (!over) kill('SIGTERM');
			const hard = setTimeout(() => kill('SIGKILL'), 3000);
			const code = await ended;
			clearTimeout(hard);
			return code;
		},
	};
}

/** Largest resident memory of a process so far, in MB (Linux). */
export function peakMemory(pid) {
	const text = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1000;
}

/** A camera's way of asking: searches on loopback, reads descriptions. */
export async function asker() {
	const socket = createSocket('udp4');
	await new Promise((resolve) => socket.bind(0, ADDRESS, resolve));
	socket.setMulticastInterface(ADDRESS);
	let heard = () => {};
	socket.on('message', (message) => heard(String(message)));
	return {
		close: () => socket.close(),
		/** Milliseconds from the search to its answer, and the LOCATION; repeated every `everyMs` until it comes. */
		async search(everyMs, limitMs = 20_000) {
			const answer = new Promise((resolve) => {
				heard = resolve;
			});
			const ask = () => socket.send(SEARCH, 1900, GROUP);
			const began = performance.now();
			ask();
			const again = setInterval(ask, everyMs);
			const limit = new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), limitMs).unref());
			try {
				const text = await Promise.race([answer, limit]);
				return { ms: performance.now() - began, location: /^location:\s*(\S+)/im.exec(text)?.[1] };
			} finally {
				clearInterval(again);
			}
		},
	};
}

export function read(location) {
	return new Promise((resolve, reject) => {
		get(location, { agent: false }, (response) => {
			response.resume().on('end', resolve).on('error', reject);
		}).on('error', reject);
	});
}
