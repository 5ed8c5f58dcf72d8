/** How strictly a description's Content-Type is judged. What real cameras require is not known for every model. */

/**
 * - `quoted`: `text/xml; charset="utf-8"` with the quotes. A comment in the known helper says that cameras require it.
 * - `charset`: the charset must be UTF-8, with or without quotes.
 * - `type`: `text/xml` is enough.
 */
export const STRICTNESS = ['quoted', 'charset', 'type'] as const;
export type Strictness = (typeof STRICTNESS)[number];

const DEMANDS: Readonly<Record<Strictness, { good: RegExp; words: string }>> = {
	quoted: { good: /^text\/xml\s*;\s*charset="utf-8"$/i, words: 'text/xml; charset="utf-8"' },
	charset: { good: /^text\/xml\s*;\s*charset=(?:"utf-8"|utf-8)$/i, words: 'text/xml; charset=utf-8' },
	type: { good: /^text\/xml\s*(?:;.*)?$/i, words: 'text/xml' },
};

/** Says why a Content-Type is refused, as part of a sentence; `undefined` if it is accepted. */
export function contentTypeFault(contentType: string | undefined, strictness: Strictness): string | undefined {
	if (contentType === undefined) return 'it has no Content-Type';
	const { good, words } = DEMANDS[strictness];
	return good.test(contentType.trim()) ? undefined : `its Content-Type is not ${words}`;
}
