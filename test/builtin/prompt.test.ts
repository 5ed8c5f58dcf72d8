/** The prompt, key by key. A person who leaves by mistake finds the camera's Wi-Fi off. */
import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { streamOutput } from '#builtin/output.ts';
import { readCommands } from '#builtin/prompt.ts';

const CTRL_C = '\u0003';
const LEAVE = /Press Ctrl-C again or type quit to leave/g;

/** `deaf`: milliseconds that a cancelled command goes on. */
function sitting(deaf = 0) {
	const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
	let screen = '';
	for (const stream of [stdout, stderr])
		stream.on('data', (text) => {
			screen += text;
		});
	const stop = new AbortController();
	const terminals = { stdinIsTerminal: true, stdoutIsTerminal: true, stderrIsTerminal: true };
	const io = { stdin, stdout, stderr, ...terminals, columns: () => 80, interrupt: () => stop.abort(new Error('stopped')) };
	const ran: string[] = [];
	let over: number | undefined;
	const run = async (command: { do: string }, signal: AbortSignal) => {
		ran.push(command.do);
		if (command.do === 'info') return 0;
		return new Promise<number>((_, reject) => signal.addEventListener('abort', () => void setTimeout(() => reject(signal.reason), deaf)));
	};
	const done = readCommands({
		io,
		interactive: true,
		output: streamOutput(io, () => 0),
		run,
		signal: stop.signal,
	}).then((code) => {
		over = code;
	});
	return {
		ran,
		done,
		press: (keys: string) => stdin.write(keys),
		shows: (what: () => void) => vi.waitFor(what, { timeout: 5000, interval: 5 }),
		told: () => screen.match(LEAVE)?.length ?? 0,
		get screen() {
			return screen;
		},
		get stopped() {
			return stop.signal.aborted;
		},
		get over() {
			return over;
		},
	};
}

test('Ctrl-C on a line that is being written takes the line away, and nothing of it is run', async () => {
	const { press, shows, told, ran, done } = sitting();
	press(`lss /DCIM${CTRL_C}info\r`);
	await shows(() => expect(ran).toEqual(['info']));
	expect(told()).toBe(0);
	press('quit\r');
	await done;
});

test('Ctrl-C at the empty prompt says how to leave and what that does; the second one leaves', async () => {
	const it = sitting();
	it.press(CTRL_C);
	await it.shows(() => expect(it.told()).toBe(1));
	expect(it.screen).toContain("leaving switches the camera's Wi-Fi off");
	expect(it.over).toBeUndefined();
	it.press(CTRL_C);
	await it.done;
	expect(it.over).toBe(0);
});

test('a command between the two begins it anew', async () => {
	const it = sitting();
	it.press(CTRL_C);
	it.press('info\r');
	await it.shows(() => expect(it.ran).toEqual(['info']));
	it.press(CTRL_C);
	await it.shows(() => expect(it.told()).toBe(2));
	expect(it.over).toBeUndefined();
	it.press(CTRL_C);
	await it.done;
});

test('Ctrl-C ends a command that runs, and says nothing of leaving', async () => {
	const it = sitting();
	it.press('ls\r');
	await it.shows(() => expect(it.ran).toEqual(['ls']));
	it.press(CTRL_C);
	await it.shows(() => expect(it.screen).toContain('ls: cancelled.'));
	expect(it.told()).toBe(0);
	it.press('quit\r');
	await it.done;
});

test('a camera that takes no notice of it: that is said, and the next Ctrl-C ends the session', async () => {
	const it = sitting(2000);
	it.done.catch(() => {});
	it.press('ls\r');
	await it.shows(() => expect(it.ran).toEqual(['ls']));
	it.press(CTRL_C);
	await it.shows(() => expect(it.screen).toContain('Ctrl-C again ends the session'));
	it.press(CTRL_C);
	await expect(it.done).rejects.toThrow();
	expect(it.stopped).toBe(true);
	expect(it.screen).not.toContain('cancelled.');
});
