// `node scripts/capture.mjs`: plays a pairing in a real terminal (tmux) between two network namespaces, a software camera
// in one and the wizard in the other, and writes what the terminal showed as docs/wizard.svg. Linux, root, tmux.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { svgOfTerminal } from './capture/svg.mjs';
import { build, root } from './setup.mjs';

const COLUMNS = 88;
const ROWS = 60;
const BIN = `${root}bin/canon-wifi.mjs`;
const tag = process.pid;
const [pc, cam] = [`cw-pc-${tag}`, `cw-cam-${tag}`];
const ip = (...words) => execFileSync('ip', words);
const tmux = (...words) => execFileSync('tmux', ['-L', `cw-${tag}`, ...words], { encoding: 'utf8' });
const screen = () => tmux('capture-pane', '-p', '-t', 'w');

async function until(text, limitMs = 20_000) {
	for (const end = Date.now() + limitMs; !screen().includes(text); await sleep(50))
		if (Date.now() > end) throw new Error(`the terminal never showed "${text}":\n${screen()}`);
}

build();
const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-capture-'));
let camera;
try {
	for (const name of [pc, cam]) ip('netns', 'add', name);
	ip('-n', pc, 'link', 'set', 'lo', 'up');
	ip('link', 'add', 'eth0', 'netns', pc, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', cam);
	ip('-n', cam, 'link', 'set', 'eth0', 'address', '2c:9e:fc:01:02:03');
	for (const [name, address] of [
		[pc, '192.168.1.20/24'],
		[cam, '192.168.1.45/24'],
	]) {
		ip('-n', name, 'addr', 'add', address, 'dev', 'eth0');
		ip('-n', name, 'link', 'set', 'eth0', 'up');
		ip('-n', name, 'route', 'add', 'default', 'dev', 'eth0');
	}
	tmux('new-session', '-d', '-s', 'w', '-x', `${COLUMNS}`, '-y', `${ROWS}`, 'env', '-u', 'CI', 'TERM=xterm-256color', 'sh');
	tmux(
		'send-keys',
		'-t',
		'w',
		`PS1='$ '; export CANON_WIFI_CONFIG_DIR=${folder}; canon_wifi() { ip netns exec ${pc} ${process.execPath} ${BIN} "$@"; }; alias canon-wifi=canon_wifi`,
		'Enter',
		'clear',
		'Enter',
	);
	await sleep(500);
	tmux('send-keys', '-t', 'w', 'canon-wifi pair', 'Enter');
	await until("Name on the camera's screen?");
	tmux('send-keys', '-t', 'w', 'studio', 'Enter');
	await until('Which client should use');
	while (!screen().includes('● the built-in')) {
		tmux('send-keys', '-t', 'w', 'Down');
		await sleep(100);
	}
	tmux('send-keys', '-t', 'w', 'Enter');
	await until('Waiting for the camera');
	camera = spawn(
		'ip',
		['netns', 'exec', cam, process.execPath, BIN, 'simulate', '--address', '192.168.1.45', '--select-after', '2', '-q'],
		{ stdio: 'ignore' },
	);
	await until('What now?');
	tmux('send-keys', '-t', 'w', 'Up');
	await until('● Leave');
	tmux('send-keys', '-t', 'w', 'Enter');
	await until('The same without questions:');
	await sleep(500);
	writeFileSync(`${root}docs/wizard.svg`, svgOfTerminal(tmux('capture-pane', '-p', '-e', '-t', 'w'), COLUMNS));
	console.log('docs/wizard.svg is written.');
} finally {
	camera?.kill();
	try {
		tmux('kill-server');
	} catch {
		// It never started.
	}
	for (const name of [pc, cam]) {
		try {
			ip('netns', 'del', name);
		} catch {
			// It was never made.
		}
	}
	rmSync(folder, { recursive: true, force: true });
}
