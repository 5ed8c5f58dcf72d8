import { expect, test } from 'vitest';
import { gaveUp, pauseBeforeAttempt, pauseBeforeReconnect, refusal } from '#session/rules/attempts.ts';

test('attempts come half a second apart at first, and never more than two', () => {
	expect([1, 2, 3, 6, 7, 8, 100].map(pauseBeforeAttempt)).toEqual([500, 750, 1000, 1750, 2000, 2000, 2000]);
});

test('after a real session the camera is waited for at once; after short ones each time for twice as long, up to half a minute', () => {
	expect([0, 1, 2, 3, 5, 6, 50].map(pauseBeforeReconnect)).toEqual([0, 1000, 2000, 4000, 16_000, 30_000, 30_000]);
});

test('a camera that says no has refused, one that says nothing is silent', () => {
	expect(gaveUp({ outcome: 'rejected', said: 'Init Fail, reason 1' }, '10.0.0.2', 3, 9)).toMatchObject({
		code: 'cameraRefused',
		message: 'The camera at 10.0.0.2 refused this computer 3 times in 9 s, the last time with: Init Fail, reason 1.',
	});
	expect(gaveUp({ outcome: 'noAnswer', said: 'no answer' }, '10.0.0.2', 3, 9).code).toBe('cameraSilent');
});

test('of a refusal only what there is is told', () => {
	expect(refusal({ outcome: 'refused', said: '' })).toEqual({ outcome: 'refused' });
	expect(refusal({ outcome: 'rejected', reason: 1, said: 'no' })).toEqual({ outcome: 'rejected', reason: 1, said: 'no' });
});
