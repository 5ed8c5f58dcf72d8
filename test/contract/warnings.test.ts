import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { WARNING_CODES, type WarningCode, type WarningFacts, warning, warningText } from '#contract/warnings.ts';
import { expectPage, expectSentences, table } from './catalogue-page.ts';

const wlan = { interface: 'wlan0', address: '192.168.1.20' };
const eth = { interface: 'eth0', address: '10.0.0.5' };

/** Believable facts for each warning, one set for each of its forms: what docs/warnings.md shows. */
const examples: { [C in WarningCode]: readonly [WarningFacts<C>, ...WarningFacts<C>[]] } = {
	portMoved: [{ port: 8043, movedTo: 8044 }],
	otherNetwork: [
		{ usual: 'wlan0', used: 'eth0' },
		{ profile: 'attic', last: eth, used: wlan },
	],
	addressChanged: [{ interface: 'wlan0', from: '192.168.1.20', to: '192.168.1.33' }],
	networkChanged: [{ from: wlan, to: eth }],
	networkLost: [{ ...wlan, flag: '--interface', instead: '--interface eth0 to use eth0, 10.0.0.5' }],
	notHeard: [
		{ ...wlan, port: 1900, sendRefused: null, alone: true, programs: [] },
		{ ...wlan, port: 1900, sendRefused: null, alone: false, programs: ['Spotify (process 4711)'] },
		{ ...wlan, port: 1900, sendRefused: 'EHOSTUNREACH', alone: false, programs: [] },
	],
	responderFailed: [{ why: 'the network is down' }],
	cannotAnswer: [{ message: 'Cannot listen on UDP 1900: permission denied.', next: 'Run `canon-wifi doctor` to find the cause.' }],
	otherAnswerer: [{ process: 4711, address: '192.168.1.20' }],
	behindNat: [{ what: 'a Docker container', next: 'Give the container the network of the host: `docker run --network host`.' }],
	stillWaiting: [
		{ profile: null, hint: 'No camera has searched yet.' },
		{ profile: 'attic', hint: 'No camera has searched yet.' },
	],
	otherCamera: [
		{ address: '192.168.1.46', is: 'attic', wanted: ['studio'], command: 'connect' },
		{ profile: 'studio', is: 'attic' },
	],
	notSaved: [{ why: 'profiles.json could not be read or written: the disk is full.' }],
	unusualName: [{ name: 'the-computer-in-the-studio', why: 'it is longer than 16 characters, which the camera may cut off' }],
	oldUuid: [{ file: 'ptpip-canon-helper.uuid' }],
	identitySaved: [
		{ file: 'identity.json', movedTo: 'identity.damaged-20261122T090000Z.json', uuid: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed' },
	],
	identityLost: [{ file: 'identity.damaged-20261122T090000Z.json' }],
	openToAll: [{ address: '192.168.1.20' }],
	leftoverEnded: [{ tool: 'gphoto2' }],
	questionWaits: [{}],
	stopped: [{ kept: "this computer's identity" }, { saved: 'studio' }, { tool: 'chdkptp' }],
	keepaliveFailed: [{ why: 'GetObjectHandles was refused: GeneralError (0x2002)' }],
	keepaliveOff: [{ value: 'false' }],
	unlockFailed: [{ why: 'the script did not end' }],
	osDiffers: [{ os: 'VxWorks' }],
	osUnknown: [{ said: 'linux' }, { why: 'the script did not end' }],
	chdkSilent: [{ why: 'the camera did not answer' }],
	timesNotSet: [{ folder: 'photos', why: 'permission denied' }],
	useFailed: [{ message: 'photos cannot be written: permission denied.', next: 'Choose another folder.' }],
	toolUnproven: [{ tool: 'gphoto2', why: 'it ended with exit code 1' }],
	emptyFile: [{ file: 'DCIM/100CANON/IMG_0001.JPG' }],
};

const forms = (code: WarningCode) => examples[code].map((facts) => warning(code, facts as never));

describe.each(WARNING_CODES)('%s', (code) => {
	test('says in sentences what happened, and what to do', () => {
		for (const { message, next } of forms(code)) for (const text of [message, next ?? 'Nothing.']) expectSentences(text);
	});

	test('is emitted somewhere', () => expect(emitted).toContain(code));
});

const source = new URL('../../src/', import.meta.url);
const emitted = new Set(
	readdirSync(source, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.flatMap((file) => [...readFileSync(new URL(file.replaceAll('\\', '/'), source), 'utf8').matchAll(/\bwarning\('(\w+)'/g)])
		.map(([, code]) => code),
);

test('a warning is an event, without a next step where there is none', () => {
	expect(warning('portMoved', { port: 8043, movedTo: 8044 })).toStrictEqual({
		type: 'warning',
		code: 'portMoved',
		message: 'Port 8043 is taken, so the description is served on port 8044.',
	});
	expect(warningText(warning('questionWaits', {}))).toBe(
		'This program has a question, but it is in the background. Bring it to the foreground with fg.',
	);
});

test('text from outside cannot move the cursor', () => {
	expect(warning('emptyFile', { file: 'a\u001b[2Jb' }).message).toMatch(/^a\\x1b\[2Jb is empty/);
});

test('docs/warnings.md is this table (UPDATE_DOCS=1 writes it)', () => {
	const rows = WARNING_CODES.flatMap((code) => forms(code).map(({ message, next = '' }) => [`\`${code}\``, message, next]));
	expectPage('warnings.md', [
		'# Warnings',
		'',
		'A warning says that something is odd; the run goes on, and the exit code does not change. The codes are permanent. Scripts',
		'find them in [`warning` events](events.md). This page is made from the catalogue in `src/contract/warnings.ts`; names and',
		'numbers in the sentences are examples. [Errors](errors.md) have a page of their own.',
		'',
		...table(['code', 'what happened', 'what to do'], rows),
		'',
	]);
});
