// Builds dist/: the whole program in a few files, libraries included. Why bundled: CONTRIBUTING.md, "What we ship".
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

rmSync(`${root}dist`, { recursive: true, force: true });
await build({
	absWorkingDir: root,
	entryPoints: { main: 'src/cli/main.ts' },
	outdir: 'dist',
	entryNames: '[name]',
	chunkNames: '[name]-[hash]',
	bundle: true,
	splitting: true,
	format: 'esm',
	platform: 'node',
	target: 'node20.12',
	minifySyntax: true,
	minifyWhitespace: true,
	keepNames: false,
	legalComments: 'none',
	define: { 'process.env.CANON_WIFI_VERSION': JSON.stringify(version) },
	// CommonJS packages inside an ES module still ask for `require` of Node's own modules.
	banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
	logLevel: 'warning',
});
