import { expect, test } from 'vitest';
import { formatDate } from '#simulator/chdk/lua/dates.ts';

const date = new Date(Date.UTC(2024, 1, 5, 15, 4, 9)); // a Monday

test.each([
	['%Y/%m/%d %H:%M:%S', '2024/02/05 15:04:09'],
	['%a %A %b %B', 'Mon Monday Feb February'],
	['%I %p %y %j %w', '03 PM 24 036 1'],
	['%c', 'Mon Feb  5 15:04:09 2024'],
	['%x %X', '02/05/24 15:04:09'],
	['%U %W', '05 06'],
	['100%% %q|%', '100% |%'],
])('%s', (format, text) => expect(formatDate(format, date)).toBe(text));

test('midnight and noon', () => {
	expect(formatDate('%I %p', new Date(Date.UTC(2024, 0, 1, 0)))).toBe('12 AM');
	expect(formatDate('%I %p', new Date(Date.UTC(2024, 0, 1, 12)))).toBe('12 PM');
});
