import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type Line, scriptedCamera } from '../protocol/ptpip/initiator/scripted-camera.ts';
import { runBuiltin } from './harness.ts';
import { BASIC, give, oddCamera, refuse } from './odd-camera.ts';
import { softwareCamera } from './software-camera.ts';

const picture = { handle: 7, name: 'IMG_0001.JPG', bytes: new Uint8Array(100) };

describe('making a camera ready', () => {
	test('told as connected, kept awake, unlocked; and a session that is closed in the end', async () => {
		await using camera = await softwareCamera();
		const { end, events } = await runBuiltin({ port: camera.port, args: ['help'] });
		expect(events).toMatchObject([
			{ type: 'connected', address: '127.0.0.1', model: 'Canon PowerShot ELPH 340 HS', chdk: '2.9', os: 'dryos' },
			{ type: 'keepalive', tool: 'builtin', operation: 'GetObjectPropsSupported' },
			{ type: 'unlock', done: true, levent: 4482, os: 'dryos' },
		]);
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0, learnt: { chdk: '2.9', os: 'dryos' } });
		expect(camera.levents).toEqual([4482]);
		expect(camera.events.map(({ type }) => type)).toContain('sessionClosed');
	});

	test('the other system given by hand is used, and told to be the wrong one', async () => {
		await using camera = await softwareCamera({ os: 'dryos' });
		const { end, events } = await runBuiltin({ port: camera.port, args: ['help'], job: { os: 'vxworks' } });
		expect(camera.levents).toEqual([4418]);
		expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'osDiffers' }));
		expect(end).toMatchObject({ learnt: { os: 'dryos' } });
	});

	test('VxWorks has another number, asked of the camera or given', async () => {
		for (const os of ['auto', 'vxworks'] as const) {
			await using camera = await softwareCamera({ os: 'vxworks' });
			const { end } = await runBuiltin({ port: camera.port, args: ['help'], job: { os } });
			expect(camera.levents).toEqual([4418]);
			expect(end).toMatchObject({ learnt: { os: 'vxworks' } });
		}
	});

	test('without CHDK there is no unlock and no failure', async () => {
		await using camera = await softwareCamera({ chdk: false });
		const { end, of } = await runBuiltin({ port: camera.port, args: ['lua', '=1'] });
		expect(of('unlock')).toEqual([{ type: 'unlock', tool: 'builtin', done: false, why: 'noChdk' }]);
		expect(end).toMatchObject({ exitCode: 1, learnt: { chdk: false, os: null } });
	});

	test('never means never', async () => {
		await using camera = await softwareCamera();
		const { of } = await runBuiltin({ port: camera.port, args: ['help'], job: { keepalive: 'never', unlock: 'never' } });
		expect(camera.ptpModes()).toBe(0);
		expect(camera.levents).toEqual([]);
		expect(of('keepalive')).toEqual([]);
		expect(of('unlock')).toMatchObject([{ done: false, why: 'off' }]);
	});

	test('without 0x9801 it is GetObjectHandles of everything', async () => {
		await using camera = await oddCamera({ objects: [picture] });
		const { of } = await runBuiltin({ port: camera.port, args: ['help'] });
		expect(of('keepalive')).toMatchObject([{ operation: 'GetObjectHandles' }]);
		expect(camera.asked.find(({ code }) => code === 0x1007)?.params).toEqual([0xffffffff, 0, 0]);
	});

	test('a camera that lists 0x9801 but no image format, or refuses it, gets GetObjectHandles', async () => {
		await using bare = await oddCamera({ operations: [...BASIC, 0x9801], imageFormats: [] });
		await runBuiltin({ port: bare.port, args: ['help'] });
		expect([bare.count(0x9801), bare.count(0x1007)]).toEqual([0, 1]);
		await using refusing = await oddCamera({
			operations: [...BASIC, 0x9801],
			habit: ({ code, transactionId }, command) => {
				if (code === 0x9801) refuse(command, transactionId, 0x2005);
				return code === 0x9801;
			},
		});
		await runBuiltin({ port: refusing.port, args: ['help'] });
		expect([refusing.count(0x9801), refusing.count(0x1007)]).toEqual([1, 1]);
	});

	test('a camera that is busy at first is asked again', async () => {
		let busy = 3;
		await using camera = await oddCamera({
			habit: ({ code, transactionId }, command) => {
				if (code !== 0x1002 || busy-- <= 0) return false;
				refuse(command, transactionId, 0x2019);
				return true;
			},
		});
		const { end } = await runBuiltin({ port: camera.port, args: ['help'] });
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(camera.count(0x1002)).toBe(4);
		expect(new Set(camera.asked.filter(({ code }) => code === 0x1002).map(({ transactionId }) => transactionId))).toEqual(new Set([0]));
	});

	test('learning leaves at once and asks nothing of stdin', async () => {
		await using camera = await softwareCamera();
		const stdin = new PassThrough();
		stdin.end('info\n');
		const { end, stdout } = await runBuiltin({ port: camera.port, stdin, job: { purpose: 'learn' } });
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0, learnt: { serial: expect.any(String), firmware: '1-14.0.1.0' } });
		expect(stdout).toBe('');
		expect(stdin.read()?.toString()).toBe('info\n');
	});
});

describe('attempts that fail', () => {
	test('a rejection tells its reason, and stdin is left for the attempt that connects', async () => {
		await using camera = await scriptedCamera(async ({ nextLine }) => {
			const command = await nextLine();
			await command.expect('initCommandRequest');
			command.send({ kind: 'initFail', reason: 1 });
		});
		const stdin = new PassThrough();
		stdin.end('info\n');
		const { end, events } = await runBuiltin({ port: camera.port, stdin });
		expect(end).toMatchObject({ outcome: 'rejected', reason: 1 });
		expect(events).toEqual([]);
		expect(stdin.read()?.toString()).toBe('info\n');
	});

	test('a camera that takes the connection but no session', async () => {
		await using camera = await oddCamera({
			habit: ({ transactionId }, command) => {
				refuse(command, transactionId, 0x2002);
				return true;
			},
		});
		expect((await runBuiltin({ port: camera.port })).end).toMatchObject({
			outcome: 'refused',
			said: 'no session: the camera answered generalError',
		});
	});

	test('a DeviceInfo of nonsense is no session', async () => {
		await using camera = await oddCamera({
			habit: ({ code, transactionId }, command) => {
				if (code === 0x1001) give(command, transactionId, new Uint8Array(40).fill(255));
				return code === 0x1001;
			},
		});
		const { end } = await runBuiltin({ port: camera.port });
		expect(end).toMatchObject({ outcome: 'refused', said: expect.stringMatching(/^no camera: what it says of itself cannot be read/) });
	});

	test.each([
		['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
		['an absurd length', '\xff\xff\xff\x7f\x02\0\0\0'],
		['a wrong type', '\x08\0\0\0\x04\0\0\0'],
	])('%s on the port is told as something that is no camera', async (_, answer) => {
		await using server = await scriptedCamera(async ({ nextLine }) => {
			const line = await nextLine();
			await line.expect('initCommandRequest');
			line.raw(Buffer.from(answer, 'latin1'));
			await line.closed;
		});
		const { end } = await runBuiltin({ port: server.port });
		expect(end).toMatchObject({ outcome: 'refused', said: expect.stringMatching(/^no PTP\/IP: ./) });
	});

	test('a session that begins with nonsense is no PTP/IP either', async () => {
		await using camera = await oddCamera({
			habit: (_request, command) => {
				command.raw(Buffer.from('HTTP/1.1 400 Bad Request'));
				return true;
			},
		});
		expect((await runBuiltin({ port: camera.port })).end).toMatchObject({
			outcome: 'refused',
			said: expect.stringMatching(/^no PTP\/IP: ./),
		});
	});

	test('a wrong line of ARGS is told before anything is opened', async () => {
		let connected = false;
		await using camera = await scriptedCamera(async ({ nextLine }) => {
			await nextLine();
			connected = true;
		});
		await expect(runBuiltin({ port: camera.port, args: ['gte', 'x'] })).rejects.toMatchObject({ code: 'usage' });
		expect(connected).toBe(false);
	});
});

describe('losing the camera', () => {
	test('in the middle of a session it is told once, and is no crash', async () => {
		await using camera = await softwareCamera();
		const { end, of } = await runBuiltin({
			port: camera.port,
			stdin: new PassThrough(), // nobody types
			onEvent: ({ type }) => type === 'connected' && camera.hangUp(),
		});
		expect(end).toMatchObject({ outcome: 'session', exitCode: null, lost: expect.stringMatching(/closed|reset/) });
		expect(of('lost')).toMatchObject([{ address: '127.0.0.1' }]);
	});

	test('silence counts as leaving', async () => {
		await using camera = await oddCamera({ habit: ({ code }) => code === 0x1004 });
		const { end } = await runBuiltin({ port: camera.port, args: ['info'], limits: { silenceMs: 50 } });
		expect(end).toMatchObject({ outcome: 'session', lost: 'no answer for 50 ms' });
	});

	test('before it was connected, but with its session open', async () => {
		await using camera = await oddCamera({
			habit: ({ code }, command) => {
				if (code === 0x1007) command.end();
				return code === 0x1007;
			},
		});
		const { end, of } = await runBuiltin({ port: camera.port, args: ['info'] });
		expect(end).toMatchObject({ outcome: 'session', lost: expect.any(String), learnt: { model: 'Canon PowerShot ODD' } });
		expect(of('connected')).toEqual([]);
	});
});

describe('a camera that does not stop sending', () => {
	/** Probe Requests without end, instead of an answer. */
	const probing = (command: Line) => {
		const timer = setInterval(() => command.send({ kind: 'probeRequest' }), 5);
		void command.closed.then(() => clearInterval(timer));
	};

	test('but never answers CloseSession, is left all the same', async () => {
		await using camera = await oddCamera({
			habit: ({ code }, command) => {
				if (code === 0x1003) probing(command);
				return code === 0x1003;
			},
		});
		const { end } = await runBuiltin({ port: camera.port, args: ['info'] });
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(camera.count(0x1003)).toBe(1);
	});

	/** Announces data and lets it come drop by drop, or as packets with nothing in them. */
	const dripping = (bytes: number) => (command: Line, transactionId: number) => {
		command.send({ kind: 'startData', transactionId, total: 10_000_000n });
		const timer = setInterval(() => command.send({ kind: 'data', transactionId }, new Uint8Array(bytes)), 5);
		void command.closed.then(() => clearInterval(timer));
	};

	test.each([
		['Probe Requests', 0x1001, probing],
		['DeviceInfo drop by drop', 0x1001, dripping(1)],
		['empty Data', 0x1001, dripping(0)],
		['the list of handles drop by drop', 0x1007, dripping(1)],
	])('%s before it is connected: an abort closes the sockets at once', async (_, code, floods) => {
		const stop = new AbortController();
		let aborted = 0;
		await using camera = await oddCamera({
			habit: (request, command) => {
				if (request.code !== code) return false;
				floods(command, request.transactionId);
				setTimeout(() => {
					aborted = performance.now();
					stop.abort(new Error('the time is up'));
				}, 30);
				return true;
			},
		});
		await expect(runBuiltin({ port: camera.port, args: ['info'], signal: stop.signal })).rejects.toThrow('the time is up');
		expect(performance.now() - aborted).toBeLessThan(1000);
		expect(camera.count(0x1003)).toBe(0);
	});

	test('and once it is connected it gets a moment to end in order, and is no loss', async () => {
		const stop = new AbortController();
		let aborted = 0;
		await using camera = await oddCamera({
			habit: ({ code, transactionId }, command) => {
				if (code !== 0x1004) return false;
				dripping(1)(command, transactionId);
				aborted = performance.now();
				stop.abort(new Error('Ctrl-C'));
				return true;
			},
		});
		const { end, of } = await runBuiltin({ port: camera.port, args: ['info'], signal: stop.signal });
		expect(end).toMatchObject({ outcome: 'session', exitCode: null });
		expect('lost' in end).toBe(false);
		expect(of('lost')).toEqual([]);
		expect(performance.now() - aborted).toBeLessThan(4000);
	});
});

describe('commands', () => {
	test('info', async () => {
		await using camera = await softwareCamera();
		const { stdout, stderr } = await runBuiltin({ port: camera.port, args: ['info'] });
		expect(stdout).toMatch(/^Model +Canon PowerShot ELPH 340 HS$/m);
		expect(stdout).toMatch(/^CHDK +protocol 2\.9$/m);
		expect(stdout).toMatch(/^Card .* free of /m);
		expect(stderr).toBe('');
	});

	test('ls shows folders, what is in them, and what a pattern means', async () => {
		await using camera = await softwareCamera();
		const { stdout, end } = await runBuiltin({ port: camera.port, input: 'ls\nls /DCIM/100CANON\nls img_0002.*\n' });
		const lines = stdout.trimEnd().split('\n');
		expect(lines[0]).toMatch(/ DCIM\/$/);
		expect(lines.slice(1, 4).map((line) => line.split(' ').at(-1))).toEqual(['IMG_0001.JPG', 'IMG_0002.JPG', 'IMG_0003.JPG']);
		expect(lines.at(-1)).toMatch(/^ +\d+ {2}2024-06-21 \d\d:\d\d {2}DCIM\/100CANON\/IMG_0002\.JPG$/);
		expect(end).toMatchObject({ exitCode: 0 });
	});

	test('lua gives back what the camera returns; what fails there is exit code 1', async () => {
		await using camera = await softwareCamera();
		const { stdout, stderr, end } = await runBuiltin({ port: camera.port, input: 'lua =get_buildinfo().os\nlua return 1 +\n' });
		expect(stdout).toBe('dryos\n');
		expect(stderr).toMatch(/^lua: /);
		expect(end).toMatchObject({ exitCode: 1 });
	});

	test('after a command that blackened the screen it is given back again', async () => {
		await using camera = await softwareCamera();
		await runBuiltin({ port: camera.port, input: 'ls\ninfo\n' });
		expect(camera.levents).toEqual([4482, 4482]);
	});

	test('what a file is called on the camera is never printed raw', async () => {
		await using camera = await oddCamera({ objects: [{ handle: 1, name: '\u001b]0;owned\u0007\u001b[2J.JPG', bytes: new Uint8Array(1) }] });
		const { stdout } = await runBuiltin({ port: camera.port, args: ['ls'] });
		// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
		expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
		expect(stdout).toContain('\\x1b]0;owned\\x07');
	});

	test('wrong lines are told and the next one is read', async () => {
		await using camera = await softwareCamera();
		const { stdout, stderr, end } = await runBuiltin({
			port: camera.port,
			input: 'inof\n\n# nothing\nlua =get_buildinfo().os\nquit\nls\n',
		});
		expect(stderr).toContain('Did you mean `info`?');
		expect(stdout).toBe('dryos\n');
		expect(end).toMatchObject({ exitCode: 1 });
	});

	test('with --json everything is an event', async () => {
		await using camera = await softwareCamera();
		const { stdout, stderr, of } = await runBuiltin({ port: camera.port, args: ['ls', 'nothing'], job: { talk: 'events' } });
		expect(stdout + stderr).toBe('');
		expect(of('toolSaid')).toMatchObject([{ stream: 'stderr', line: expect.stringContaining('nothing') }]);
	});
});

describe('the prompt', () => {
	test('Ctrl-C ends it in order', async () => {
		await using camera = await softwareCamera();
		const stdin = new PassThrough();
		const { end, stdout } = await runBuiltin({
			port: camera.port,
			stdin,
			terminal: true,
			onOutput: (text) => text.includes('canon> ') && stdin.write('\u0003'),
		});
		expect(stdout).toContain('canon> ');
		expect(end).toMatchObject({ outcome: 'session', exitCode: 0 });
		expect(camera.events.map(({ type }) => type)).toContain('sessionClosed');
	});

	test('Ctrl-C in a command ends the command only', async () => {
		const stdin = new PassThrough();
		let hung = 0;
		await using camera = await oddCamera({
			objects: [picture],
			habit: async ({ code, transactionId }, command, event) => {
				if (code !== 0x1004) return false;
				hung++;
				stdin.write('\u0003');
				await event.expect('cancel');
				refuse(command, transactionId, 0x201f);
				return true;
			},
		});
		const typing = ['info\r', 'quit\r'];
		const { end, stderr } = await runBuiltin({
			port: camera.port,
			stdin,
			terminal: true,
			onOutput: (text) => {
				// The first prompt, and the one after the command.
				if (text.includes('canon> ') && typing.length === 2 - hung) stdin.write(typing.shift());
			},
		});
		expect(hung).toBe(1);
		expect(stderr).toBe('info: cancelled.\n');
		expect(end).toMatchObject({ exitCode: 0 });
	});

	test('aborting from outside closes the session and says nothing of a loss', async () => {
		await using camera = await softwareCamera();
		const stop = new AbortController();
		const { end, of } = await runBuiltin({
			port: camera.port,
			stdin: new PassThrough(),
			signal: stop.signal,
			onEvent: ({ type }) => type === 'connected' && stop.abort(new Error('Ctrl-C')),
		});
		expect(end).toMatchObject({ outcome: 'session', exitCode: null });
		expect('lost' in end).toBe(false);
		expect(of('lost')).toEqual([]);
		expect(camera.events.map(({ type }) => type)).toContain('sessionClosed');
	});
});
