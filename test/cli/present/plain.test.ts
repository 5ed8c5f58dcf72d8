import { describe, expect, test } from 'vitest';
import { type PlainOptions, plain } from '#cli/present/plain.ts';
import type { Event } from '#contract/events.ts';
import type { WarningCode } from '#contract/warnings.ts';
import { Screen } from './screen.ts';

const now = () => new Date(2026, 0, 31, 12, 0, 0); // as the clock on the wall says
const search = (from: string): Event => ({ type: 'search', from, port: 1, target: 'upnp:rootdevice', answered: true });
const refused = (number: number): Event => ({ type: 'attempt', number, tool: 'builtin', address: '10.0.0.9', outcome: 'rejected' });
const result = (exitCode: number): Event => ({ type: 'result', command: 'serve', ok: exitCode === 0, exitCode });
const warning = (code: WarningCode): Event => ({ type: 'warning', code, message: `About ${code}.` });

function shown(options: Partial<PlainOptions> = {}, columns = 80) {
	const screen = new Screen(columns);
	const presenter = plain({
		write: screen.write,
		now,
		terminal: true,
		colour: false,
		cursor: true,
		columns: () => screen.columns,
		verbosity: 'normal',
		...options,
	});
	return { screen, ...presenter };
}

describe('stopped', () => {
	test('Ctrl-C is reported below the ^C that the terminal wrote', () => {
		const { screen, on, close } = shown();
		on(warning('portMoved'));
		screen.write('^C');
		on(result(130));
		close();
		expect(screen.lines).toEqual(['! About portMoved.', '^C', '· Stopped.', '']);
	});

	test('Ctrl-C removes a transient line, and the ^C with it', () => {
		const { screen, on } = shown();
		on(search('10.0.0.9'));
		screen.write('^C');
		on(result(130));
		expect(screen.lines).toEqual(['· Stopped.', '']);
	});

	test('SIGTERM is reported where the cursor is', () => {
		const { screen, on } = shown();
		on(result(143));
		expect(screen.lines).toEqual(['· Stopped.', '']);
	});

	test('a stop that the command reported itself is not reported again', () => {
		const { screen, on } = shown();
		screen.write('^C');
		on(warning('stopped'));
		on(result(130));
		expect(screen.lines).toEqual(['^C', '! About stopped.', '']);
	});

	test.each<[string, Partial<PlainOptions>, number]>([
		['not on a pipe', { terminal: false, cursor: false }, 130],
		['not with -q', { verbosity: 'quiet' }, 130],
		['not when it ended by itself', {}, 0],
	])('%s', (_, options, exitCode) => {
		const { screen, on } = shown(options);
		on(result(exitCode));
		expect(screen.lines).toEqual(['']);
	});
});

describe('what passes', () => {
	test('a transient message is one line, cut between words', () => {
		const { screen, on } = shown({}, 40);
		on(refused(12));
		expect(screen.lines).toEqual(['· Press SET on the camera. Attempt 12…']);
		on(search('10.0.0.9'));
		expect(screen.lines).toEqual(['· 10.0.0.9 searches for a computer.']);
	});

	test('a transient line leaves no trace when the window is made narrower', () => {
		const { screen, on, close } = shown({}, 100);
		on(warning('portMoved'));
		on(refused(3));
		screen.resize(30);
		on(search('10.0.0.9'));
		expect(screen.lines).toEqual(['! About portMoved.', '· 10.0.0.9 searches for a…']);
		close();
		expect(screen.lines).toEqual(['! About portMoved.', '']);
	});
});

test('dates every line on a pipe except errors, so that "error:" begins its line', () => {
	const { screen, on } = shown({ terminal: false, cursor: false });
	on(search('10.0.0.9'));
	on(warning('portMoved'));
	on({ type: 'error', code: 'usage', message: 'Wrong.', next: 'Do it right.', exitCode: 64 });
	expect(screen.lines).toEqual([
		'12:00:00 10.0.0.9 searches for a computer.',
		'12:00:00 warning: About portMoved.',
		'error: Wrong.',
		'  Do it right.',
		'',
	]);
});

test('dates nothing in a journal, which does that itself', () => {
	const { screen, on } = shown({ terminal: false, cursor: false, undated: true });
	on(warning('portMoved'));
	expect(screen.lines).toEqual(['warning: About portMoved.', '']);
});

describe('a loss', () => {
	const lost: Event = { type: 'lost', address: '10.0.0.9', why: 'it is gone' };
	const told = '! The connection to 10.0.0.9 was lost: it is gone.';

	test('a loss that ends the run is left to the error, except with -v', () => {
		for (const [verbosity, lines] of [
			['normal', ['']],
			['verbose', [told, '']],
		] as const) {
			const { screen, on } = shown({ lossIsError: true, verbosity });
			on(lost);
			expect(screen.lines).toEqual(lines);
		}
	});

	test('a loss after which the run continues is reported', () => {
		const { screen, on } = shown();
		on(lost);
		expect(screen.lines).toEqual([told, '']);
	});
});

test('reports each kind of refusal once per session where lines stay; every time with -v', () => {
	const ended: Event = { type: 'ended', tool: 'builtin', exitCode: 0, signal: null };
	const events = [refused(1), refused(2), { ...refused(3), outcome: 'refused' } as Event, refused(4), ended, refused(1)];
	const numbers = (options: Partial<PlainOptions>) => {
		const { screen, on } = shown({ terminal: false, cursor: false, ...options });
		for (const event of events) on(event);
		return screen.lines.flatMap((line) => /Attempt (\d)/.exec(line)?.[1] ?? []);
	};
	expect(numbers({})).toEqual(['1', '3', '1']);
	expect(numbers({ verbosity: 'verbose' })).toEqual(['1', '2', '3', '4', '1']);
});

describe('an attempt that takes long', () => {
	const begins: Event = { type: 'attempt', number: 3, tool: 'builtin', address: '10.0.0.9' };

	test('is shown in the transient line from its start', () => {
		const { screen, on } = shown();
		on(refused(2));
		on(begins);
		expect(screen.lines).toEqual([expect.stringMatching(/^· Attempt 3: /)]);
		on(refused(3));
		expect(screen.lines).toEqual([expect.stringMatching(/^· Press SET on the camera\. Attempt 3/)]);
	});

	test('leaves the line to a tool that writes at the cursor', () => {
		const { screen, on } = shown();
		on(refused(2));
		on({ ...begins, tool: 'gphoto2' });
		expect(screen.lines.join('')).toBe('');
	});

	test('is not shown where lines cannot be replaced, nor with -q', () => {
		for (const options of [{ cursor: false }, { terminal: false, cursor: false }, { verbosity: 'quiet' }] as const) {
			const { screen, on } = shown(options);
			on(begins);
			expect(screen.lines.join('')).toBe('');
		}
	});
});

test('reports searches and reads only until a camera is found', () => {
	const { screen, on } = shown({ terminal: false, cursor: false });
	const reads = (from: string): Event => ({ type: 'description', from, userAgent: null });
	on(reads('10.0.0.9'));
	on({ type: 'camera', address: '10.0.0.9', mac: null, maker: null, because: 'description' });
	on(search('10.0.0.8'));
	on(reads('10.0.0.8'));
	on({ type: 'ended', tool: 'builtin', exitCode: 0, signal: null });
	on(reads('10.0.0.8'));
	expect(screen.lines.map((line) => line.slice(9))).toEqual([
		"10.0.0.9 read this computer's description.",
		'Camera found: 10.0.0.9.',
		"10.0.0.8 read this computer's description.",
		'',
	]);
});

describe('in the background', () => {
	function withShell() {
		const at = { stay: 1 as number | undefined };
		return { at, ...shown({ stay: () => at.stay }) };
	}

	test('hides transient messages and still writes lines', () => {
		const { at, screen, on, close } = withShell();
		at.stay = undefined;
		on(search('10.0.0.9'));
		on(refused(1));
		on(warning('portMoved'));
		close();
		expect(screen.lines).toEqual(['! About portMoved.', '']);
	});

	test('does not erase a live line from before, nor anything written since', () => {
		const { at, screen, on, close } = withShell();
		on(search('10.0.0.9'));
		screen.write('^Z\n[1]+ Stopped\n$ bg\n');
		at.stay = undefined;
		screen.write('line of another program');
		on(search('10.0.0.9'));
		close();
		expect(screen.lines.at(-1)).toBe('line of another program');
		expect(screen.lines).toContain('[1]+ Stopped');
	});

	test('shows the live line again in the foreground, and erases nothing', () => {
		const { at, screen, on, close } = withShell();
		on(search('10.0.0.9'));
		screen.write('^Z\n$ fg\n');
		screen.resize(20); // now the old line would be two rows high
		at.stay = 2;
		on(search('10.0.0.10'));
		expect(screen.lines.at(-2)).toBe('$ fg');
		expect(screen.lines.at(-1)).toMatch(/^· 10/);
		close();
		expect(screen.lines.at(-1)).toBe('');
	});
});
