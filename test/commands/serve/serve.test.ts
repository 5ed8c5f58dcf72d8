import fs from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SERVE } from '#commands/serve/flags.ts';
import { run as serve } from '#commands/serve/run.ts';
import { world } from '../../support/flow-world.ts';
import { noFlags } from '../no-flags.ts';
import { savedSettings } from '../saved.ts';

let settings: ReturnType<typeof savedSettings>;
beforeEach(() => {
	settings = savedSettings();
});
afterEach(() => fs.rmSync(settings.home, { recursive: true, force: true }));

test('reports once a camera that searches from outside the announced network', async () => {
	const { ports, emit, events, clock, state } = world();
	const stopping = new AbortController();
	const serving = serve(
		{ lanIp: undefined, flags: noFlags(SERVE) },
		{
			...settings.deps,
			...ports,
			emit,
			prompt: undefined,
			signal: stopping.signal,
			hostname: 'studio',
			legacyUuidFile: () => undefined,
		},
	);
	serving.catch(() => {});
	for (let second = 0; second < 100; second++) {
		await clock.advance(1000);
		state.responder?.search({ from: '192.168.2.45', port: 50_000, target: 'upnp:rootdevice', ignored: 'otherSubnet' });
	}
	expect(events.filter(({ type }) => type === 'warning')).toMatchObject([
		{ code: 'stillWaiting', next: expect.stringMatching(/^192\.168\.2\.45 searches for a computer, but is outside /) },
	]);
	stopping.abort(new Error('stopped'));
	await expect(serving).rejects.toThrow('stopped');
});
