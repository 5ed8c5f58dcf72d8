/** `connect`: what it shows beforehand, and what its end is told as. */
import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CONNECT } from '#commands/connect/flags.ts';
import { type ConnectContext, run as connect } from '#commands/connect/run.ts';
import type { Client } from '#session/client.ts';
import type { AttemptEnd } from '../../support/attempt.ts';
import { scriptedClient, world } from '../../support/flow-world.ts';
import { noFlags } from '../no-flags.ts';
import { savedSettings } from '../saved.ts';

let settings: ReturnType<typeof savedSettings>;
beforeEach(() => {
	settings = savedSettings();
});
afterEach(() => fs.rmSync(settings.home, { recursive: true, force: true }));

const flags = { ...noFlags(CONNECT), timeout: 60, camera: '192.168.1.45' };

function surroundings(client: Client) {
	const here = world();
	const deps: ConnectContext = {
		...settings.deps,
		...here.ports,
		emit: here.emit,
		prompt: undefined,
		terminal: true,
		signal: new AbortController().signal,
		hostname: 'studio',
		tools: { client: async () => client, find: () => Promise.reject(new Error('not looked for')) },
		holds: { list: async () => [] } as unknown as ConnectContext['holds'],
		legacyUuidFile: () => undefined,
		endLeftovers: async () => [],
	};
	const ends = async (args: readonly string[] = []) => {
		const ending = connect({ profile: undefined, flags: { ...flags, tool: 'chdkptp' }, rest: args }, deps);
		await here.clock.advance(5000);
		return ending;
	};
	return { ...here, deps, ends };
}

const ended = (exitCode: number | null, signal: string | null): AttemptEnd => ({
	outcome: 'session',
	exitCode,
	signal,
	learnt: { model: null, serial: null, firmware: null, chdk: null, os: null },
});

describe('Ctrl-C at the prompt of a tool that dies of it', () => {
	test.each([
		[ended(null, 'SIGINT'), []],
		[ended(null, 'SIGINT'), ['-els', '-i']],
		// A wrapper script has made this of it.
		[ended(130, null), []],
	])('%j with ARGS %j: one sentence, and 130', async (end, args) => {
		const { ends, events } = surroundings(scriptedClient([end]));
		expect(await ends(args)).toMatchObject({ exitCode: 130 });
		expect(events.filter(({ type }) => type === 'warning')).toEqual([
			{
				type: 'warning',
				code: 'stopped',
				message: 'Ctrl-C ended builtin before it could close the session.',
				next: expect.stringContaining('`quit`'),
			},
		]);
	});

	test('a tool that ends by itself gives 0 without a message', async () => {
		const { ends, events } = surroundings(scriptedClient([ended(0, null)]));
		expect(await ends()).toMatchObject({ exitCode: 0 });
		expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
	});
});

describe('--dry-run', () => {
	const shown = async (remark?: string) => {
		const client = { ...scriptedClient([]), ...(remark === undefined ? {} : { remark: () => remark }) };
		const { deps } = surroundings(client);
		const outcome = await connect({ profile: undefined, flags: { ...flags, tool: 'chdkptp', dryRun: true }, rest: [] }, deps);
		return { outcome, text: settings.said.text };
	};

	test('prints the command line alone', async () => {
		expect(await shown()).toEqual({
			outcome: { exitCode: 0, found: { commandLine: 'builtin 192.168.1.45' } },
			text: 'builtin 192.168.1.45\n',
		});
	});

	test('adds a comment that says what is left out', async () => {
		expect(await shown('It also logs.')).toEqual({
			outcome: { exitCode: 0, found: { commandLine: 'builtin 192.168.1.45', remark: 'It also logs.' } },
			text: '# It also logs.\nbuiltin 192.168.1.45\n',
		});
	});
});

test('says first what to do on the camera, and mentions "Add a Device..." only without a saved camera', async () => {
	const { ends, events } = surroundings(scriptedClient([ended(0, null)]));
	await ends(['-els']);
	expect(events[0]).toEqual({
		type: 'instruction',
		step: 'openMenu',
		text: expect.stringMatching(/^On the camera, open the Wi-Fi menu, choose the computer, then "studio", or "Add a Device\.\.\."/),
	});
});
