/** HTTP requests to the description server: one path, two methods. */
import { WINDOWS } from '../ssdp/message.ts';

export type Status = 200 | 400 | 404 | 405;

/** A request line as the HTTP parser understood it. */
export interface HttpRequest {
	method: string;
	target: string;
	/** `1.1` */
	version: string;
}

/**
 * How a request is answered. `path` as in the request line, see `requestPath`. Nothing is demanded of its fields, which
 * have never been recorded for PowerShots: not even Host. A target may be a whole URL (RFC 9112, absolute-form).
 */
export function statusOf({ method, target, version }: HttpRequest, path: string): Status {
	const [, rest] = /^http:\/\/[^/?#]*(.*)$/is.exec(target) ?? [undefined, target];
	if (method === '' || !/^1\.\d$/.test(version) || !/^[!-~]+$/.test(target)) return 400;
	if (rest !== path) return 404;
	return method === 'GET' || method === 'HEAD' ? 200 : 405;
}

/** Fields of every answer. The quotes around the charset and the Server text are what cameras demand (ptpip-canon helper scripts). */
export function answerFields(status: Status, length: number): Record<string, string> {
	return {
		Server: `${WINDOWS} Microsoft-HTTPAPI/2.0`,
		'Content-Type': status === 200 ? 'text/xml; charset="utf-8"' : 'text/plain; charset="utf-8"',
		'Content-Length': String(length),
		...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
		Connection: 'close',
	};
}

export const REASONS: Readonly<Record<Status, string>> = { 200: 'OK', 400: 'Bad Request', 404: 'Not Found', 405: 'Method Not Allowed' };

/** A whole answer as text, for connections on which no request could be understood. */
export function bareAnswer(status: Exclude<Status, 200>): string {
	const fields = Object.entries(answerFields(status, 0)).map(([name, value]) => `${name}: ${value}`);
	return [`HTTP/1.1 ${status} ${REASONS[status]}`, ...fields, '', ''].join('\r\n');
}
