// Packages that the bundle has an empty or smaller stand-in for. The stand-ins say why.
export const STUBBED = Object.fromEntries(
	['async/index.cjs', 'bluebird/index.cjs', 'debug/index.cjs', 'env-paths/index.js', 'when-exit/index.js'].map((stub) => [
		stub.split('/')[0],
		`./stubs/${stub}`,
	]),
);
