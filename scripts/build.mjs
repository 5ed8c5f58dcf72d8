// Builds dist/: the whole program in a few files, libraries included. Why bundled: CONTRIBUTING.md, "What we ship".
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundledWorker } from './bundled-worker.mjs';
import { gather } from './gather.mjs';
import { OUTPUT_FILES } from './output-files.mjs';
import { STUBBED } from './stubbed.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

const worker = bundledWorker();
rmSync(`${root}dist`, { recursive: true, force: true });
const common = {
	absWorkingDir: root,
	format: 'esm',
	platform: 'node',
	target: 'node20.12',
	minifySyntax: true,
	minifyWhitespace: true,
	keepNames: false,
	legalComments: 'none',
	logLevel: 'warning',
};
const first = await build({
	...common,
	entryPoints: { main: 'src/cli/main.ts' },
	outdir: 'dist',
	entryNames: '[name]',
	chunkNames: '[name]-[hash]',
	bundle: true,
	splitting: true,
	write: false,
	metafile: true,
	alias: STUBBED,
	define: { 'process.env.CANON_WIFI_VERSION': JSON.stringify(version) },
	plugins: [
		worker.plugin,
		stubFor('@clack', /^node:util$/, 'style-text/index.js'),
		stubFor('commander', /^node:child_process$/, 'child-process/index.cjs'),
	],
});
await gather(first, {
	main: 'main',
	files: OUTPUT_FILES,
	outdir: 'dist',
	options: {
		...common,
		// CommonJS packages inside an ES module still ask for `require` of Node's own modules.
		banner: {
			js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
		},
	},
});

writeFileSync(`${root}dist/THIRD-PARTY.txt`, notices([...Object.keys(first.metafile.inputs), ...worker.inputs]));

/** A stub instead of one of Node's own modules, for one package. The stub says why. */
function stubFor(owner, filter, stub) {
	const ofOwner = new RegExp(`[\\\\/]node_modules[\\\\/]${owner}[\\\\/]`);
	return {
		name: stub,
		setup({ onResolve }) {
			onResolve({ filter }, ({ importer }) => (ofOwner.test(importer) ? { path: `${root}stubs/${stub}` } : undefined));
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
