// `util.styleText` takes several styles at once only from Node 20.13 on, and clack gives it several; our floor is 20.12.
import * as util from 'node:util';

export * from 'node:util';

export function styleText(format, text, options) {
	const styles = Array.isArray(format) ? format : [format];
	return styles.reduceRight((styled, style) => util.styleText(style, styled, options), text);
}
