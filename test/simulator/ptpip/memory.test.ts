/** The built camera as a process: what it needs while it sends a film of 3 GB, and what it leaves behind. */
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BIN, event, start } from '../../e2e/program.ts';
import { skipUnless } from '../../support/skip.ts';
import { Initiator } from '../ptp/camera-on.ts';
import { startComputer } from '../world.ts';

const SIZE = 3 * 2 ** 30;

const skip = skipUnless(process.platform === 'linux', 'only Linux tells the memory of a process in /proc');

test.skipIf(skip)('a film of 3 GB is sent, and memory stays where it was', { timeout: 150_000 }, async () => {
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-test-'));
	try {
		mkdirSync(join(folder, 'DCIM', '100CANON'), { recursive: true });
		const film = openSync(join(folder, 'DCIM', '100CANON', 'MVI_0001.MP4'), 'w');
		ftruncateSync(film, SIZE);
		closeSync(film);
		await using computer = await startComputer();
		// The shell tells its process id and becomes the program.
		await using camera = start(
			[
				process.execPath,
				BIN,
				'simulate',
				'--address',
				'127.0.0.1',
				'--media',
				folder,
				'--select-after',
				'0',
				'--json',
				'--ptpip-port',
				'0',
				'--ssdp-port',
				String(computer.ssdpPort),
			],
			{ program: ['sh', '-c', 'echo "{\\"type\\":\\"pid\\",\\"pid\\":$$}"; exec "$@"', 'sh'] },
		);
		const { pid } = await camera.until(event('pid'));
		const { port } = await camera.until(event('connected'));
		const kilobytes = (field: string): number =>
			Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
		const me = await Initiator.connect(port as number);
		await me.ask(0x1002, [1]);
		const handle = await me.handleOf('MVI_0001.MP4');
		const before = kilobytes('VmRSS');
		me.request(0x1009, [handle]);
		const { socket } = me.command;
		socket.removeAllListeners('data');
		let got = 0;
		await new Promise<void>((resolve, reject) => {
			socket.on('close', () => reject(new Error(`hung up after ${got} bytes`)));
			socket.on('data', (bytes: Buffer) => {
				got += bytes.length;
				if (got >= SIZE + 20) resolve();
			});
		});
		expect(kilobytes('VmHWM') - before).toBeLessThan(120_000);
		me.close();
		expect(await camera.ended).toBe(0);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test.skipIf(skipUnless(process.platform !== 'win32', 'Windows has no SIGTERM to catch'))(
	'a camera that is killed leaves its card behind; the next one takes it away',
	{ timeout: 60_000 },
	async () => {
		const place = mkdtempSync(join(tmpdir(), 'canon-wifi-test-'));
		const cards = () => readdirSync(place).filter((name) => name.startsWith('canon-wifi-card-'));
		try {
			await using computer = await startComputer();
			const args = ['simulate', '--address', '127.0.0.1', '--json', '--ptpip-port', '0', '--ssdp-port', String(computer.ssdpPort)];
			const env = { TMPDIR: place, TEMP: place };
			for (const [signal, left] of [
				['SIGKILL', 1],
				['SIGTERM', 0],
			] as const) {
				await using camera = start(args, { env });
				await camera.until(event('searching'));
				expect(cards()).toHaveLength(1); // its own, and no other
				camera.kill(signal);
				await camera.ended;
				expect(cards()).toHaveLength(left);
			}
		} finally {
			rmSync(place, { recursive: true });
		}
	},
);
