/** How strictly a description's Content-Type is judged: what cameras really demand is not known for every model. */

/**
 * - `quoted`: `text/xml; charset="utf-8"`, the quotes too: a comment in the known helper says that cameras demand it.
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

/** Why this Content-Type is refused, or nothing. */
export function contentTypeFault(contentType: string | undefined, strictness: Strictness): string | undefined {
	if (contentType === undefined) return 'it has no Content-Type';
	const { good, words } = DEMANDS[strictness];
	return good.test(contentType.trim()) ? undefined : `its Content-Type is not ${words}`;
}
