/**
 * Answers that do not come from a camera, for example from a web server at a wrong address. Clients mark them by how the
 * text begins, which tells them apart from a closed port.
 */

/** Begins the text when the answer was not PTP-IP. */
export const NO_PTPIP = 'no PTP/IP: ';
/** Begins the text when the answer was PTP-IP, but what the peer said about itself made no sense. */
export const NO_CAMERA = 'no camera: ';

/** Returns what was wrong with the answer, as part of a sentence; `undefined` if `said` is about something else. */
export function notACamera(said: string | undefined): string | undefined {
	const begins = [NO_PTPIP, NO_CAMERA].find((words) => said?.startsWith(words) === true);
	return begins === undefined ? undefined : said?.slice(begins.length);
}
