import { expect, test } from 'vitest';
import { messageOf } from '#cli/present/messages.ts';
import type { EventOf } from '#contract/events.ts';

const attempt = {
	type: 'attempt',
	number: 3,
	tool: 'builtin',
	address: '10.0.0.9',
	outcome: 'refused',
} as const satisfies EventOf<'attempt'>;

test('a closed port asks for SET', () => {
	expect(messageOf(attempt)?.text).toBe('Press SET on the camera. Attempt 3: 10.0.0.9 refuses, its port is still closed.');
	expect(messageOf({ ...attempt, said: 'the connection was refused' })?.text).toContain('its port is still closed');
});

test('an answer from something other than a camera is reported as that, made printable', () => {
	expect(messageOf({ ...attempt, said: 'no PTP/IP: packet type 825110831 does not exist' })?.text).toBe(
		'Attempt 3: 10.0.0.9 answered, but not like a camera: packet type 825110831 does not exist.',
	);
	expect(messageOf({ ...attempt, said: 'no camera: \u001b[2J' })?.text).toBe(
		'Attempt 3: 10.0.0.9 answered, but not like a camera: \\x1b[2J.',
	);
});
