/** The HTTP requests that the description server answers: one path, two methods. */
import { WINDOWS } from '../ssdp/message.ts';

/** The status codes that the description server uses. */
export type Status = 200 | 400 | 404 | 405;

/** The parts of a request line. */
export interface HttpRequest {
	method: string;
	target: string;
	/** `1.1` */
	version: string;
}

/**
 * Returns the status of the answer to a request. `path` is in the form of `requestPath`. No header field is required, not
 * even Host, because the fields of PowerShots have never been recorded. The target may be a complete URL (RFC 9112,
 * absolute-form).
 */
export function statusOf({ method, target, version }: HttpRequest, path: string): Status {
	const [, rest] = /^http:\/\/[^/?#]*(.*)$/is.exec(target) ?? [undefined, target];
	if (method === '' || !/^1\.\d$/.test(version) || !/^[!-~]+$/.test(target)) return 400;
	if (rest !== path) return 404;
	return method === 'GET' || method === 'HEAD' ? 200 : 405;
}

/** Returns the header fields of an answer. Cameras require the quotes around the charset and the Server text (ptpip-canon helper scripts). */
export function answerFields(status: Status, length: number): Record<string, string> {
	return {
		Server: `${WINDOWS} Microsoft-HTTPAPI/2.0`,
		'Content-Type': status === 200 ? 'text/xml; charset="utf-8"' : 'text/plain; charset="utf-8"',
		'Content-Length': String(length),
		...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
		Connection: 'close',
	};
}

/** Reason phrases by status. */
export const REASONS: Readonly<Record<Status, string>> = { 200: 'OK', 400: 'Bad Request', 404: 'Not Found', 405: 'Method Not Allowed' };

/** Returns a complete answer as text, for connections whose request could not be parsed. */
export function bareAnswer(status: Exclude<Status, 200>): string {
	const fields = Object.entries(answerFields(status, 0)).map(([name, value]) => `${name}: ${value}`);
	return [`HTTP/1.1 ${status} ${REASONS[status]}`, ...fields, '', ''].join('\r\n');
}
