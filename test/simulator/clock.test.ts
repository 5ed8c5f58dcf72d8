import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { realClock } from '#simulator/clock.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a delay longer than Node's timers can hold works", () => {
	const days = 24 * 3_600_000;
	const then = vi.fn();
	realClock.after(365 * days, then);
	vi.advanceTimersByTime(364 * days);
	expect(then).not.toHaveBeenCalled();
	vi.advanceTimersByTime(days);
	expect(then).toHaveBeenCalledOnce();
});

test('a cancelled callback is not called, however long its delay was', () => {
	const then = vi.fn();
	const callOff = realClock.after(2 ** 33, then);
	vi.advanceTimersByTime(2 ** 32);
	callOff();
	callOff();
	vi.advanceTimersByTime(2 ** 33);
	expect(then).not.toHaveBeenCalled();
});
