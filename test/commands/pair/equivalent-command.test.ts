/** What `pair` prints at its end: the same run as one command without questions. */
import { expect, test } from 'vitest';
import { parseCall } from '#cli/program.ts';
import { COMMANDS } from '#cli/table.ts';
import { equivalentCommand, flagsOf, repeatedFlags, settingsWords } from '#commands/pair/equivalent-command.ts';
import { PAIR, type PairFlags } from '#commands/pair/flags.ts';
import { noFlags } from '../no-flags.ts';

const table = flagsOf(COMMANDS);
const wlan = { name: 'wlan0', address: '192.168.1.20' };
const none = { interface: undefined, address: undefined };
const flags = noFlags(PAIR);

/** The command for these flags. */
function command(given: Partial<PairFlags>, nameSuffices = true, configDir?: string): string {
	const { interface: name, address, ...others } = { ...none, ...given };
	const words = repeatedFlags(table, { ...flags, ...others }, configDir);
	return equivalentCommand('studio', { interface: name, address, others: words }, wlan, nameSuffices).join(' ');
}

test('repeats the answers and what was given by hand, but no default', () => {
	expect(command({ name: 'den', tool: 'builtin' })).toBe('pair studio --interface wlan0 --name den --tool builtin --no-input');
	expect(command({ maxAge: 60, bindAll: true, cameraPort: 15_740, ssdpPort: 1900, timeout: 120 })).toBe(
		'pair studio --interface wlan0 --max-age 60 --bind-all --timeout 120 --no-input',
	);
	expect(command({ dryRun: true })).toBe('pair studio --interface wlan0 --no-input');
	expect(command({}, true, '/tmp/settings')).toBe('pair studio --interface wlan0 --config-dir /tmp/settings --no-input');
	expect(settingsWords(undefined)).toEqual([]);
});

test('names the address when the interface has several, or when it was given', () => {
	expect(command({}, false)).toBe('pair studio --address 192.168.1.20 --no-input');
	expect(command({ interface: 'wlan0' }, false)).toBe('pair studio --interface wlan0 --address 192.168.1.20 --no-input');
	expect(command({ address: '192.168.1.33' })).toBe('pair studio --address 192.168.1.33 --no-input');
});

test('is understood as the same flags, whichever they are', () => {
	const given: PairFlags = {
		...flags,
		descPort: 8044,
		descPath: 'x.xml',
		toolPath: '/opt/gphoto2',
		tool: 'gphoto2',
		os: 'vxworks',
		unlock: 'never',
		keepalive: 'always',
		camera: '192.168.1.45',
		cameraPort: 15_741,
		ssdpPort: 1901,
		timeout: 5,
	};
	const words = equivalentCommand('studio', { ...none, others: repeatedFlags(table, given, undefined) }, wlan, true);
	expect(parseCall(words, '0', 80, 'linux')).toMatchObject({ arguments: { profile: 'studio' }, flags: { ...given, interface: 'wlan0' } });
});
