// For `node --require`: a virus scanner that holds each new file for a moment. Until then renaming it fails as Windows says it.
const fs = require('node:fs/promises');
const { syncBuiltinESMExports } = require('node:module');

const HELD_MS = 100;
const since = new Map();
const { rename } = fs;
fs.rename = async (from, to) => {
	const first = since.get(from) ?? performance.now();
	since.set(from, first);
	if (performance.now() - first >= HELD_MS) return rename(from, to);
	throw Object.assign(new Error(`EPERM: operation not permitted, rename '${from}' -> '${to}'`), { code: 'EPERM', syscall: 'rename' });
};
syncBuiltinESMExports();
