/** PTP's dates: `YYYYMMDDThhmmss`, local time of the camera; Canon appends `.0` (airnef). */

/** Date and time as the camera's clock shows them. `month` is 1-based. */
export interface CameraTime {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
}

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

/** Formats a date with the tenths that Canon's firmware appends: `20240229T235958.0`. */
export function formatPtpDate(time: CameraTime): string {
	const { year, month, day, hour, minute, second } = time;
	return `${digits(year, 4)}${digits(month, 2)}${digits(day, 2)}T${digits(hour, 2)}${digits(minute, 2)}${digits(second, 2)}.0`;
}

/** Parses a PTP date, ignoring tenths and time zone. Returns `undefined` for anything else. */
export function parsePtpDate(text: string): CameraTime | undefined {
	const found = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})/.exec(text);
	if (found === null) return undefined;
	const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [number, number, number, number, number, number];
	if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
	return { year, month, day, hour, minute, second };
}

/** Reads a camera time in this computer's time zone, because cameras have none. */
export function toLocalDate({ year, month, day, hour, minute, second }: CameraTime): Date {
	return new Date(year, month - 1, day, hour, minute, second);
}

/** Converts a moment to this computer's local time. */
export function fromLocalDate(date: Date): CameraTime {
	return {
		year: date.getFullYear(),
		month: date.getMonth() + 1,
		day: date.getDate(),
		hour: date.getHours(),
		minute: date.getMinutes(),
		second: date.getSeconds(),
	};
}
