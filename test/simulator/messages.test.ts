import { expect, test } from 'vitest';
import type { OffReason, SimulatorEvent } from '#simulator/events.ts';
import { plainLine } from '#simulator/messages.ts';

test('a pairing in plain lines says each thing once', () => {
	const uuid = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
	const name = 'STUDIO';
	const events: SimulatorEvent[] = [
		{ type: 'poweredOn', model: 'Canon X', scenario: 'pair', round: 1 },
		{ type: 'screen', screen: { shows: 'computers', names: [], cursor: 0 } },
		{ type: 'listed', names: [name] },
		{ type: 'screen', screen: { shows: 'computers', names: [name], cursor: 0 } },
		{ type: 'selected', name, uuid },
		{ type: 'screen', screen: { shows: 'connecting', name } },
		{ type: 'screen', screen: { shows: 'connected', name } },
		{ type: 'connected', name, uuid, address: '10.0.0.2', port: 15740 },
		{ type: 'screen', screen: { shows: 'black', keys: 'locked' } },
		{ type: 'unlocked', levent: 4482, screen: true },
		{ type: 'screen', screen: { shows: 'playback', picture: 'IMG_0001.JPG' } },
		{ type: 'wifiOff', why: 'connectionClosed', session: true },
		{ type: 'screen', screen: { shows: 'off' } },
	];
	expect(events.map(plainLine).filter((line) => line !== undefined)).toEqual([
		'Canon X is on',
		'screen: Add a Device..., no computer yet',
		'lists "STUDIO"',
		'SET is pressed on "STUDIO"',
		'screen: Connecting (STUDIO)',
		'screen: Connected to device STUDIO',
		'waits for a client on 10.0.0.2:15740',
		'screen: black, keys locked',
		'levent 4482 unlocks screen and keys',
		'screen: playback, IMG_0001.JPG',
		'Wi-Fi off: the computer closed the connection',
	]);
});

test.each<[OffReason, RegExp]>([
	['idle', /nobody connected/],
	['noPtpMode', /0x1007.*0x9801/],
	['notConfirmed', /OK/],
	['silence', /no request came/],
	['targetNotFound', /connection target not found/],
])('why the Wi-Fi went off: %s', (why, words) => {
	expect(plainLine({ type: 'wifiOff', why, session: false })).toMatch(words);
});

test('what others say of themselves cannot paint the terminal', () => {
	const evil = '\u001b[31mred\u0007\n';
	const events: SimulatorEvent[] = [
		{ type: 'listed', names: [evil] },
		{ type: 'descriptionRefused', from: '10.0.0.1', location: `http://10.0.0.1/${evil}`, why: evil },
		{ type: 'initiator', from: '10.0.0.1', name: evil, guid: '', connectionNumber: 1 },
		{ type: 'descriptionServed', from: '10.0.0.1', userAgent: evil, accepted: false },
		{ type: 'greetingFailed', from: '10.0.0.1', why: evil },
		{ type: 'screen', screen: { shows: 'pairing', name: evil } },
	];
	// biome-ignore lint/suspicious/noControlCharactersInRegex: none may come through.
	for (const event of events) expect(plainLine(event)).not.toMatch(/[\u0000-\u001f]/);
});
