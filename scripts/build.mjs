// Builds dist/: the whole program in a few files, libraries included. Why bundled: CONTRIBUTING.md, "What we ship".
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledWorker } from './bundled-worker.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

const worker = bundledWorker();
rmSync(`${root}dist`, { recursive: true, force: true });
const { metafile } = await build({
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
	metafile: true,
	// The stubs say why.
	alias: { 'when-exit': './stubs/when-exit/index.js', 'env-paths': './stubs/env-paths/index.js' },
	define: { 'process.env.CANON_WIFI_VERSION': JSON.stringify(version) },
	// CommonJS packages inside an ES module still ask for `require` of Node's own modules.
	banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
	plugins: [worker.plugin, clackOnOldNode()],
	logLevel: 'warning',
});

writeFileSync(`${root}dist/THIRD-PARTY.txt`, notices([...Object.keys(metafile.inputs), ...worker.inputs]));

/** stubs/style-text says why. */
function clackOnOldNode() {
	return {
		name: 'clack-on-old-node',
		setup({ onResolve }) {
			onResolve({ filter: /^node:util$/ }, ({ importer }) =>
				/[\\/]node_modules[\\/]@clack[\\/]/.test(importer) ? { path: `${root}stubs/style-text/index.js` } : undefined,
			);
		},
	};
}

/** The licences of the packages in the bundle, as these ask for when they are passed on. */
function notices(inputs) {
	const folders = new Set(inputs.map((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0]).filter(Boolean));
	const texts = [...folders].sort().map((folder) => {
		const { name, version, license, author } = JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8'));
		const file = readdirSync(`${root}${folder}`).find((one) => /^(licen[cs]e|copying)/i.test(one));
		const text =
			file === undefined
				? `Licence: ${license}. Author: ${author?.name ?? author ?? 'see the package'}.`
				: readFileSync(`${root}${folder}/${file}`, 'utf8').trim();
		return `${name} ${version} (${license})\n\n${text}\n`;
	});
	return `canon-wifi contains these packages. Their licences:\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
