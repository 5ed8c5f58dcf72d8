import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { alwaysForeground } from '#base/foreground.ts';
import { type CliContext, provide } from '#cli/providers.ts';

function context(flags: CliContext['call']['flags']): CliContext {
	return {
		call: { command: ['status'], arguments: {}, flags, rest: [] },
		presentation: { on: () => {}, record: () => {}, asking: (ask) => ask(), hold: undefined },
		facts: {
			stdinIsTerminal: false,
			stdoutIsTerminal: false,
			stderrIsTerminal: false,
			columns: 80,
			env: {},
			flags: { json: false, noInput: false, noColor: false },
		},
		conversation: false,
		signals: { signal: new AbortController().signal, leaveToTool: () => () => {} },
		stay: alwaysForeground,
	};
}

test('a command gets what it names and nothing else, and nothing is written for it', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-providers-'));
	try {
		const { ports, close } = await provide(['json', 'prompt', 'profiles', 'holds'], context({ configDir: folder }));
		expect(Object.keys(ports)).toEqual(['json', 'prompt', 'profiles', 'holds']);
		expect(ports.prompt).toBeUndefined();
		expect(ports.profiles.path).toContain(folder);
		close();
		expect(readdirSync(folder)).toEqual([]);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('what two things are made of is built once', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-providers-'));
	try {
		const { ports, close } = await provide(['tools', 'endLeftovers'], context({ configDir: folder }));
		let asked = 0;
		ports.tools.endLeftovers = async () => {
			asked++;
			return [];
		};
		await ports.endLeftovers();
		expect(asked).toBe(1);
		close();
	} finally {
		rmSync(folder, { recursive: true });
	}
});
