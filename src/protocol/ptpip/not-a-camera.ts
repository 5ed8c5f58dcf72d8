/**
 * Something answered an attempt, but not as a camera does: a web server on the port, a wrong address. A client says so by
 * how its words begin, which tells it from a port that is closed.
 */

/** What came is no PTP-IP. */
export const NO_PTPIP = 'no PTP/IP: ';
/** It is PTP-IP, but what it says of itself is nonsense. */
export const NO_CAMERA = 'no camera: ';

/** What was odd about the answer, a sentence part; nothing when it is not that. */
export function notACamera(said: string | undefined): string | undefined {
	const begins = [NO_PTPIP, NO_CAMERA].find((words) => said?.startsWith(words) === true);
	return begins === undefined ? undefined : said?.slice(begins.length);
}
