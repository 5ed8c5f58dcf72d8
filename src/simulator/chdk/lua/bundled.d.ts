/** A module with all its imports as the text of one script, made by `scripts/bundled-worker.mjs`. */
declare module '*?bundled' {
	export const source: string;
}
