/** What cannot be tested everywhere is skipped where it cannot, but never silently in CI. */

/** Whether to skip what needs `condition`. With CI=true that is a failure: `but` says what is missing. */
export function skipUnless(condition: boolean, but: string): boolean {
	if (!condition && process.env.CI === 'true') throw new Error(`nothing may be skipped with CI=true, but ${but}`);
	return !condition;
}
