import { expect, test } from 'vitest';
import { gaveUp, pauseBeforeAttempt, pauseBeforeReconnect, refusal } from '#session/rules/attempts.ts';

test('attempts are half a second apart at first, and never more than two seconds', () => {
	expect([1, 2, 3, 6, 7, 8, 100].map(pauseBeforeAttempt)).toEqual([500, 750, 1000, 1750, 2000, 2000, 2000]);
});

test('the pause before reconnecting is zero after a real session, and doubles after short ones up to half a minute', () => {
	expect([0, 1, 2, 3, 5, 6, 50].map(pauseBeforeReconnect)).toEqual([0, 1000, 2000, 4000, 16_000, 30_000, 30_000]);
});

test('a camera that refuses and one that does not answer cause different errors', () => {
	expect(gaveUp({ outcome: 'rejected', said: 'Init Fail, reason 1' }, '10.0.0.2', 3, 9)).toMatchObject({
		code: 'cameraRefused',
		message: 'The camera at 10.0.0.2 refused this computer 3 times in 9 s, the last time with: Init Fail, reason 1.',
	});
	expect(gaveUp({ outcome: 'noAnswer', said: 'no answer' }, '10.0.0.2', 3, 9).code).toBe('cameraSilent');
});

test('a refusal reports only the fields that are known', () => {
	expect(refusal({ outcome: 'refused', said: '' })).toEqual({ outcome: 'refused' });
	expect(refusal({ outcome: 'rejected', reason: 1, said: 'no' })).toEqual({ outcome: 'rejected', reason: 1, said: 'no' });
});
