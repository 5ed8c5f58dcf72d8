/** PTP's dates: `YYYYMMDDThhmmss`, local time of the camera; Canon appends `.0` (airnef). */

/** The parts of a date as they stand on the camera's clock. `month` is 1-based. */
export interface CameraTime {
	year: number;
	month: number;
	day: number;
	hour: number;
	minute: number;
	second: number;
}

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

/** `20240229T235958.0`, with the tenths that Canon's firmware appends. */
export function formatPtpDate(time: CameraTime): string {
	const { year, month, day, hour, minute, second } = time;
	return `${digits(year, 4)}${digits(month, 2)}${digits(day, 2)}T${digits(hour, 2)}${digits(minute, 2)}${digits(second, 2)}.0`;
}

/** Reads the first 15 characters; nothing for text that is no date. Tenths and zone are ignored. */
export function parsePtpDate(text: string): CameraTime | undefined {
	const found = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})/.exec(text);
	if (found === null) return undefined;
	const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [number, number, number, number, number, number];
	if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return undefined;
	return { year, month, day, hour, minute, second };
}

/** The same parts in this computer's time zone: cameras have no zone. */
export function toLocalDate({ year, month, day, hour, minute, second }: CameraTime): Date {
	return new Date(year, month - 1, day, hour, minute, second);
}

/** What a clock on the wall here shows at that moment. */
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
