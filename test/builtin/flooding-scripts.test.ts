import { describe, expect, test } from 'vitest';
import { runBuiltin } from './harness.ts';
import { BASIC, give, type Habit, oddCamera, refuse } from './odd-camera.ts';

const RETURNED = 2;
const USER = 3;
const STRING = 4;
const INTEGER = 3;

interface Message {
	type: number;
	subtype: number;
	/** Instead of the id of the script that runs. */
	id?: number;
	data: Uint8Array;
}

/** A CHDK whose scripts never end and always have one more message, except the one that is asked for the system. */
function flood(message: Message): { habit: Habit; scripts: string[]; read(): number } {
	const scripts: string[] = [];
	let read = 0;
	const says = (): (Message & { id: number }) | undefined => {
		const id = scripts.length;
		if (!scripts.at(-1)?.includes('get_buildinfo')) return { id, ...message };
		return read++ === 0 ? { type: RETURNED, subtype: STRING, id, data: new TextEncoder().encode('dryos') } : undefined;
	};
	let waiting: ReturnType<typeof says>;
	const habit: Habit = async ({ code, transactionId, params }, command) => {
		if (code !== 0x9999) return false;
		const answer = (...values: number[]) => refuse(command, transactionId, 0x2001, values);
		if (params[0] === 0) answer(2, 9);
		else if (params[0] === 7) {
			await command.expect('startData');
			scripts.push(new TextDecoder().decode((await command.expect('endData')).payload));
			answer(scripts.length, 0);
		} else if (params[0] === 8) {
			waiting = says();
			answer(waiting === undefined ? 0 : 3);
		} else if (waiting !== undefined) {
			read++;
			give(command, transactionId, waiting.data, [waiting.type, waiting.subtype, waiting.id, waiting.data.length]);
		}
		return true;
	};
	return { habit, scripts, read: () => read };
}

async function lua(message: Message, code = 'while true do end') {
	const chdk = flood(message);
	await using camera = await oddCamera({ operations: [...BASIC, 0x9999], habit: chdk.habit });
	let bytes = 0;
	const { end, stderr } = await runBuiltin({
		port: camera.port,
		args: ['lua', code],
		job: { keepalive: 'never', unlock: 'never' },
		onOutput: (text) => {
			bytes += text.length;
		},
	});
	return { end, stderr, bytes, chdk };
}

describe('a script that never stops', () => {
	test('returning values is stopped after a thousand', async () => {
		const { end, stderr, chdk } = await lua({ type: RETURNED, subtype: INTEGER, data: new Uint8Array(4) });
		expect(end).toMatchObject({ outcome: 'session', exitCode: 1 });
		expect(stderr).toBe('lua: the camera sent more than 1000 values.\n');
		expect(chdk.read()).toBeLessThan(1100);
		// The last one was sent without `noKill`, which ends the one that runs.
		expect(chdk.scripts.at(-1)).toBe('return\0');
	});

	test('writing is stopped after 64 MiB', async () => {
		const { end, stderr, bytes } = await lua({ type: USER, subtype: STRING, data: new Uint8Array(4 * 1024 * 1024).fill(65) });
		expect(end).toMatchObject({ exitCode: 1 });
		expect(stderr).toMatch(/more than 67108864 bytes/);
		expect(bytes).toBeLessThan(70_000_000);
	});

	test('leaving messages of other scripts is not waited out', async () => {
		const { end, stderr, chdk } = await lua({ type: USER, subtype: STRING, id: 99, data: new Uint8Array(1) });
		expect(end).toMatchObject({ exitCode: 1 });
		expect(stderr).toContain('not of this script');
		expect(chdk.read()).toBeLessThan(100);
	});

	test('ends at once when it is aborted, and is stopped on the camera', async () => {
		const stop = new AbortController();
		const chdk = flood({ type: USER, subtype: STRING, data: new TextEncoder().encode('tick') });
		await using camera = await oddCamera({ operations: [...BASIC, 0x9999], habit: chdk.habit });
		const { end } = await runBuiltin({
			port: camera.port,
			args: ['lua', 'while true do write_usb_msg("tick") end'],
			job: { keepalive: 'never', unlock: 'never' },
			signal: stop.signal,
			onOutput: () => stop.abort(new Error('Ctrl-C')),
		});
		expect(end).toMatchObject({ outcome: 'session', exitCode: null });
		expect(chdk.scripts.at(-1)).toBe('return\0');
		expect(camera.asked.at(-1)?.code).toBe(0x1003);
	});
});

test('a script of more than a mebibyte is not sent', async () => {
	const { end, stderr, chdk } = await lua({ type: USER, subtype: STRING, data: new Uint8Array(1) }, `-- ${'x'.repeat(1024 * 1024)}`);
	expect(end).toMatchObject({ exitCode: 1 });
	expect(stderr).toContain('longer than');
	// Nor any other: where nothing is to be unlocked, the camera is not asked for its system.
	expect(chdk.scripts).toEqual([]);
});
