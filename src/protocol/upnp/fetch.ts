/** Fetches a device description: one GET from a given local address, limited in time and size. */
import { request } from 'node:http';
import { joinBytes } from '#base/bytes.ts';
import { printable } from '#base/text.ts';

/** A fetched document. */
export interface Fetched {
	status: number;
	/** Content-Type exactly as received. */
	contentType: string | undefined;
	body: Uint8Array;
}

/** Largest accepted description in bytes. A real one is about 1 KiB, and a small device gives up long before this. */
export const LARGEST_DESCRIPTION = 64 * 1024;
/** Time limit for one fetch, in milliseconds. */
export const FETCH_LIMIT_MS = 5000;

/** Fetches a document from the local address `from`. Rejects with a plain `Error` whose message says why. */
export function fetchDescription(url: URL, from: string, signal: AbortSignal): Promise<Fetched> {
	return new Promise((resolve, reject) => {
		const limit = setTimeout(() => asked.destroy(new Error('no whole answer in time')), FETCH_LIMIT_MS);
		const asked = request(url, {
			method: 'GET',
			localAddress: from,
			agent: false,
			maxHeaderSize: 8192,
			signal,
			headers: { Connection: 'close' },
		});
		asked.on('error', (error) => reject(new Error(error.message.replace(/ - Local \(.*\)$/, ''), { cause: error })));
		asked.on('close', () => clearTimeout(limit));
		asked.on('response', (response) => {
			const pieces: Uint8Array[] = [];
			let size = 0;
			response.on('data', (piece: Uint8Array) => {
				size += piece.length;
				if (size > LARGEST_DESCRIPTION) response.destroy(new Error(`longer than ${LARGEST_DESCRIPTION} bytes`));
				else pieces.push(piece);
			});
			response.on('error', reject);
			response.on('end', () => {
				const { 'content-encoding': encoding } = response.headers;
				if (encoding !== undefined) return reject(new Error(`it is sent as ${printable(encoding)}, which was not asked for`));
				if (!response.complete) return reject(new Error('the answer broke off'));
				resolve({ status: response.statusCode ?? 0, contentType: response.headers['content-type'], body: joinBytes(pieces) });
			});
		});
		asked.end();
	});
}
