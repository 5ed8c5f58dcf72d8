import { afterEach, expect, test, vi } from 'vitest';
import { skipUnless } from './skip.ts';

afterEach(() => {
	vi.unstubAllEnvs();
});

test('what cannot be tested here is skipped, and in CI it fails', () => {
	vi.stubEnv('CI', '');
	expect([skipUnless(true, 'it rains'), skipUnless(false, 'it rains')]).toEqual([false, true]);
	vi.stubEnv('CI', 'true');
	expect(skipUnless(true, 'it rains')).toBe(false);
	expect(() => skipUnless(false, 'it rains')).toThrow('nothing may be skipped with CI=true, but it rains');
});
