import { describe, expect, test } from 'vitest';
import { CanonWifiError, type ErrorCode, EXIT, errorCatalogue, type Facts } from '#contract/errors.ts';
import { expectPage, expectSentences, table } from './catalogue-page.ts';

/** One believable set of facts for each error: what docs/errors.md shows. */
const examples: { [C in ErrorCode]: Facts<C> } = {
	usage: { problem: "Unknown option '--tol'.", next: 'Did you mean --tool? `canon-wifi connect --help` lists what it takes.' },
	missingAnswer: { what: 'which network the camera is on', flag: '--interface NAME: wlan0 or eth0' },
	badName: { name: 'a:b', why: 'it contains ":", where the camera cuts the name off' },
	notIpv4: { given: 'my-laptop', flag: 'LAN_IP', why: 'is a name' },
	notOurAddress: { given: '192.168.1.99', ours: ['192.168.1.20'] },
	noInterface: { given: 'wlan7', known: ['wlan0', 'eth0'] },
	noNetwork: {},
	portTaken: { port: 8043, address: '192.168.1.20', protocol: 'TCP' },
	portExcluded: { port: 8043, flag: '--desc-port PORT' },
	cannotListen: { what: 'UDP 1900 on 192.168.1.20', why: 'permission denied' },
	listenTaken: { address: '127.0.0.1', port: 15740 },
	alreadyHeld: { camera: 'The camera "studio"', pid: 4711, gphoto2: 'ptpip:127.0.0.1' },
	noHold: { camera: 'the camera "studio"' },
	noCamera: { seconds: 120, hint: 'No camera has searched yet. Check that the camera is in the same network.' },
	severalCameras: { list: ['192.168.1.45 (Canon)', '192.168.1.46 (Canon)'] },
	cameraRefused: { address: '192.168.1.45', attempts: 60, seconds: 120, said: 'Init Fail, reason 1' },
	cameraSilent: { address: '192.168.1.45', seconds: 120 },
	sessionLost: { address: '192.168.1.45', why: 'the camera closed the connection' },
	toolMissing: { tool: 'gphoto2', install: 'Install it with your package manager.' },
	toolPathWrong: { tool: 'chdkptp', path: '/opt/chdkptp', why: 'it is a folder' },
	toolWithoutNetwork: { tool: 'chdkptp', path: '/opt/chdkptp/chdkptp', next: 'Build it with PTPIP_SUPPORT=1 in config.mk.' },
	toolTooOld: { tool: 'chdkptp', version: '0.7', lacks: 'it cannot keep the camera connected', next: 'Install a newer chdkptp.' },
	toolFailed: { tool: 'gphoto2', said: 'unknown option' },
	noProfile: { id: 'studoi', known: ['studio'] },
	settingsDamaged: { file: 'profiles.json', keptAs: 'profiles.damaged-20261122T090000Z.json' },
	settingsNewer: { file: 'profiles.json', version: 2 },
	settingsUnwritable: { file: 'profiles.json', why: 'permission denied' },
	logUnwritable: { file: 'logs/run.ndjson', why: 'its folder does not exist' },
	destinationUnwritable: { folder: 'Pictures', why: 'the disk is full, so Pictures/MVI_0001.MP4 could not be written' },
	noTemporaryFolder: { folder: '/nonexistent', why: 'there is no such file or folder' },
	outputLost: { why: 'the disk is full' },
	systemRefused: { what: 'photos/IMG_0001.JPG cannot be used', why: 'the disk failed', next: 'Check that it can be used.' },
	badImport: { file: 'ptpip-canon-helper.uuid', why: 'there is no UUID in it' },
};

const made = (code: ErrorCode) => new CanonWifiError(code, examples[code] as never);

describe.each(Object.keys(errorCatalogue) as ErrorCode[])('%s', (code) => {
	test('has an example', () => expect(examples).toHaveProperty(code));

	test('says what happened and what to do, in sentences', () => {
		const { message, next } = made(code);
		for (const text of [message, next]) expectSentences(text);
	});

	test('has one of our exit codes, 64 or more', () => {
		expect(Object.values(EXIT)).toContain(made(code).exitCode);
		expect(made(code).exitCode).toBeGreaterThanOrEqual(64);
	});
});

test('text from outside cannot move the cursor', () => {
	expect(new CanonWifiError('noProfile', { id: 'a\u001b[2Jb', known: [] }).message).toBe('There is no profile "a\\x1b[2Jb".');
});

test('docs/errors.md is this table (UPDATE_DOCS=1 writes it)', () => {
	const rows = (Object.keys(errorCatalogue) as ErrorCode[]).map((code) => {
		const { exitCode, message, next } = made(code);
		return [`\`${code}\``, String(exitCode), message, next];
	});
	const codes: readonly (readonly [code: number, meaning: string])[] = [
		[0, 'done'],
		[64, 'the call was wrong'],
		[66, 'no such profile'],
		[69, 'network or port not usable'],
		[70, 'a bug in canon-wifi'],
		[71, 'this computer refused what is needed: temporary files, output, memory'],
		[72, 'tool missing, or without PTP/IP support'],
		[73, 'the destination cannot be written'],
		[74, 'the session was lost'],
		[75, 'no camera came in time'],
		[77, 'the camera refused this computer'],
		[78, 'settings not readable or writable'],
		[130, 'Ctrl-C'],
		[143, 'SIGTERM'],
	];
	expectPage('errors.md', [
		'# Errors and exit codes',
		'',
		'Every error says what happened and what to do. The codes are permanent. This page is made from the catalogue in',
		'`src/contract/errors.ts`; names and numbers in the sentences are examples. [Warnings](warnings.md) have a page of their own.',
		'',
		...table(
			['exit code', 'meaning'],
			codes.map(([code, meaning]) => [String(code), meaning]),
		),
		'',
		"When a tool ran with arguments of its own, its own exit code (0 to 63) is passed on. canon-wifi's own are 64 and more.",
		'',
		...table(['code', 'exit', 'what happened', 'what to do'], rows),
		'',
	]);
});
