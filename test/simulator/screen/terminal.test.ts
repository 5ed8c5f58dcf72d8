import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type CameraViewOptions, openView } from '#simulator/screen/terminal.ts';

/** A terminal of streams: what was written, and its raw mode. */
function terminal(columns = 80, rows = 24) {
	let written = '';
	const stdin = Object.assign(new PassThrough(), { raw: false, setRawMode: (raw: boolean) => Object.assign(stdin, { raw }) });
	const stdout = Object.assign(new PassThrough(), { columns, rows });
	stdout.on('data', (bytes: Uint8Array) => {
		written += new TextDecoder().decode(bytes);
	});
	const pressed: string[] = [];
	const signals: string[] = [];
	let exit: (() => void) | undefined;
	const options = {
		stdin,
		stdout,
		unicode: false,
		onExit: (restore: () => void) => {
			exit = restore;
			return () => {
				exit = undefined;
			};
		},
		press: (key: string) => void pressed.push(key),
		signal: (name: string) => void signals.push(name),
	} as unknown as CameraViewOptions;
	return { options, stdin, stdout, pressed, signals, written: () => written, exit: () => exit };
}

test('keys arrive decoded, also in one chunk', async () => {
	const { options, stdin, pressed, signals } = terminal();
	const view = openView(options);
	expect(stdin.raw).toBe(true);
	stdin.write('\u001b[A\u001b[B\r \u007fpx\u0003');
	await vi.waitFor(() => expect(signals).toEqual(['SIGINT']));
	expect(pressed).toEqual(['up', 'down', 'set', 'set', 'cancel', 'power']);
	view.close();
	stdin.write('q');
	expect(pressed).toHaveLength(6);
});

test('Esc is a key soon, and does not swallow a Ctrl-C that follows at once', async () => {
	const { options, stdin, pressed, signals } = terminal();
	const view = openView(options);
	stdin.write('\u001b');
	stdin.write('\u0003');
	await vi.waitFor(() => expect(signals).toEqual(['SIGINT']));
	// Timers run out in their order, however busy the machine is; readline's own would take 500 ms.
	const late = new Promise((resolve) => setTimeout(() => resolve([...pressed]), 300));
	stdin.write('\u001b');
	expect(await late).toEqual(['cancel']);
	stdin.write('\u001b[B');
	await vi.waitFor(() => expect(pressed).toEqual(['cancel', 'down']));
	view.close();
});

test('the screen is drawn in place, and again when the window changes', async () => {
	const { options, stdout, written } = terminal();
	const view = openView(options);
	view.show({ type: 'poweredOn', model: 'Canon X', scenario: 'pair', round: 1 }, 'Canon X is on');
	view.show({ type: 'screen', screen: { shows: 'connected', name: 'STUDY' } }, 'screen: ...');
	await vi.waitFor(() => expect(written()).toContain('Connected to device'));
	const frames = written().split('\u001b[H').slice(1);
	expect(frames.at(-1)).toContain('Canon X is on');
	expect(frames.at(-1)).not.toContain('screen: ...');
	Object.assign(stdout, { columns: 30 });
	stdout.emit('resize');
	const last = written().split('\u001b[H').at(-1)?.replaceAll('\u001b[K', '').replace('\u001b[J', '') ?? '';
	for (const line of last.split('\n')) expect(line.length).toBeLessThanOrEqual(30);
	view.close();
});

test.each(['close', 'exit'] as const)('the terminal is given back by %s, once, with the last words on it', (how) => {
	const { options, stdin, stdout, written, exit } = terminal();
	const view = openView(options);
	for (let n = 0; n < 10; n++) view.show({ type: 'fault', what: 'x' }, `line ${n}`);
	if (how === 'close') view.close();
	else exit()?.();
	view.close();
	view.close();
	expect(stdin.raw).toBe(false);
	expect(written().endsWith('\u001b[?25h\u001b[?1049lline 7\nline 8\nline 9\n')).toBe(true);
	expect(written().split('\u001b[?1049l')).toHaveLength(2);
	expect(stdout.listenerCount('resize')).toBe(0);
	expect(exit()).toBeUndefined();
});

test('Ctrl-Z gives the terminal back and stops; in the background nothing is drawn and no mode set; then it is taken again', async () => {
	const { options, stdin, written } = terminal();
	let stay: number | undefined = 1;
	let stopped = 0;
	const modes: boolean[] = [];
	const { setRawMode } = stdin;
	stdin.setRawMode = (raw: boolean) => {
		modes.push(raw);
		return setRawMode(raw);
	};
	vi.useFakeTimers({ toFake: ['setInterval', 'setTimeout', 'clearInterval', 'clearTimeout'] });
	onTestFinished(() => void vi.useRealTimers());
	const view = openView({ ...options, stay: () => stay, suspend: () => void stopped++ });
	stdin.write('\u001a');
	await new Promise((resolve) => setImmediate(resolve));
	expect(stopped).toBe(1);
	expect(stdin.raw).toBe(false);
	expect(written().endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
	stay = undefined;
	const [drawn, set] = [written(), modes.length];
	view.show({ type: 'poweredOn', model: 'Canon X', scenario: 'pair', round: 1 }, 'Canon X is on');
	vi.advanceTimersByTime(5000);
	expect([written(), modes.length]).toEqual([drawn, set]);
	stay = 2;
	vi.advanceTimersByTime(1000);
	await new Promise((resolve) => setImmediate(resolve));
	expect(written().slice(drawn.length).startsWith('\u001b[?1049h')).toBe(true);
	expect(written().slice(drawn.length)).toContain('Canon X is on');
	expect(stdin.raw).toBe(true);
	// It ends in the background: the last words are lines, and the modes are another program's.
	stay = undefined;
	const last = [written().length, modes.length] as const;
	view.close();
	await new Promise((resolve) => setImmediate(resolve));
	expect(written().slice(last[0])).toBe('Canon X is on\n');
	expect(modes).toHaveLength(last[1]);
});

test('where a process cannot be stopped, Ctrl-Z is no key', async () => {
	const { options, stdin, pressed, written } = terminal();
	const view = openView(options);
	const before = written();
	stdin.write('\u001ap');
	await vi.waitFor(() => expect(pressed).toEqual(['power']));
	expect(stdin.raw).toBe(true);
	expect(written()).toBe(before);
	view.close();
});
