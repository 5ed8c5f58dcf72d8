import { expect, test } from 'vitest';
import { otherAnswerers } from '#doctor/other-answerers.ts';
import type { RunProgram } from '#system/run-program.ts';

const place = { address: '192.168.1.20', port: 1900 };

/** Programs that say this, found by a part of their command line. */
const programs =
	(says: Record<string, string>): RunProgram =>
	async (file, args) => {
		const stdout = Object.entries(says).find(([part]) => [file, ...args].join(' ').includes(part))?.[1];
		return { stdout: stdout ?? '', stderr: '', code: stdout === undefined ? 1 : 0, missing: false };
	};

test('on macOS another canon-wifi on the same address is found by its command line', async () => {
	const lsof =
		'p11\ncnode\nn*:1900\nn192.168.1.20:1900\np12\ncnode\nn192.168.1.20:1900\np13\ncnode\nn10.0.0.5:1900\np14\ncnode\nn192.168.1.20:1900\np15\ncSpotify\nn192.168.1.20:1900\n';
	const serve = '/opt/homebrew/Cellar/node/22.1.0/bin/node /opt/homebrew/bin/canon-wifi serve 192.168.1.20\n';
	const run = programs({ lsof, '-p 11': serve, '-p 12': serve, '-p 13': serve, '-p 14': 'node server.js\n' });
	// 11 is this process, 13 is on another network, 14 and 15 are other programs.
	expect(await otherAnswerers(place, { own: 11, platform: 'darwin', run })).toEqual([12]);
});

test('on Windows too, with a path in quotation marks', async () => {
	const udp = (address: string, pid: number) => `  UDP    ${address}:1900      *:*                                    ${pid}\r\n`;
	const line =
		'"C:\\Program Files\\nodejs\\node.exe" "C:\\Users\\J K\\npm\\node_modules\\canon-wifi\\bin\\canon-wifi.mjs" --json connect studio\r\n';
	const run = programs({
		netstat: udp('192.168.1.20', 21) + udp('192.168.1.20', 22) + udp('192.168.1.20', 23),
		'PID eq 23': '"svchost.exe","23","Services","0","12,345 K"\r\n',
		'PID eq ': '"node.exe","21","Console","1","50,000 K"\r\n',
		'ProcessId=22': line,
	});
	expect(await otherAnswerers(place, { own: 21, platform: 'win32', run })).toEqual([22]);
});

test('where it cannot be told, nobody is warned of', async () => {
	expect(await otherAnswerers(place, { platform: 'darwin', run: programs({}) })).toEqual([]);
	expect(await otherAnswerers(place, { platform: 'win32', run: programs({}) })).toEqual([]);
});
