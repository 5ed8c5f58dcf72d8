/** Formats dates as C's strftime does in the C locale, for a clock without time zone (read as UTC). */

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const MONTHS = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
] as const;

const two = (value: number): string => String(value).padStart(2, '0');
const dayOfYear = (date: Date): number => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
/** Returns the number of the week, if weeks begin with this day. */
const week = (date: Date, first: 0 | 1): number => Math.floor((dayOfYear(date) + 6 - ((date.getUTCDay() - first + 7) % 7)) / 7);
const hour12 = (date: Date): number => date.getUTCHours() % 12 || 12;

const conversions: Readonly<Record<string, (date: Date) => string>> = {
	a: (date) => (DAYS[date.getUTCDay()] ?? '').slice(0, 3),
	A: (date) => DAYS[date.getUTCDay()] ?? '',
	b: (date) => (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3),
	B: (date) => MONTHS[date.getUTCMonth()] ?? '',
	c: (date) => formatDate('%a %b ', date) + String(date.getUTCDate()).padStart(2) + formatDate(' %X %Y', date),
	d: (date) => two(date.getUTCDate()),
	H: (date) => two(date.getUTCHours()),
	I: (date) => two(hour12(date)),
	j: (date) => String(dayOfYear(date)).padStart(3, '0'),
	m: (date) => two(date.getUTCMonth() + 1),
	M: (date) => two(date.getUTCMinutes()),
	p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
	S: (date) => two(date.getUTCSeconds()),
	U: (date) => two(week(date, 0)),
	w: (date) => String(date.getUTCDay()),
	W: (date) => two(week(date, 1)),
	x: (date) => formatDate('%m/%d/%y', date),
	X: (date) => formatDate('%H:%M:%S', date),
	y: (date) => two(date.getUTCFullYear() % 100),
	Y: (date) => String(date.getUTCFullYear()),
	Z: () => '',
	'%': () => '%',
};

/** Formats a date. Unknown conversions give an empty text. */
export function formatDate(format: string, date: Date): string {
	return format.replace(/%([\s\S])/g, (_, letter: string) => conversions[letter]?.(date) ?? '');
}
