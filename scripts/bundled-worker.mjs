// `import { source } from './worker.ts?bundled'`: the file with all it imports, as the text of one script for a thread.
// So the program stays a few files, and tests run the same worker from its sources.
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { REPAIRS } from './fengari-repairs.mjs';

const SUFFIX = '?bundled';
const root = fileURLToPath(new URL('..', import.meta.url));

/** Of fengari only the parts that are imported: its list of libraries would bring files, processes and a debugger along. */
const noLibraryList = {
	name: 'no-library-list',
	setup({ onResolve, onLoad }) {
		onResolve({ filter: /^\.\/lualib\.js$/ }, () => ({ path: 'lualib', namespace: 'no-library-list' }));
		onLoad({ filter: /.*/, namespace: 'no-library-list' }, () => ({ contents: 'exports.lua_assert = () => {};' }));
	},
};

const repairs = {
	name: 'repairs',
	setup({ onLoad }) {
		onLoad({ filter: /[\\/]fengari[\\/]src[\\/]\w+\.js$/ }, ({ path }) => {
			let contents = readFileSync(path, 'utf8');
			for (const [from, to] of REPAIRS[basename(path)] ?? []) {
				if (contents.split(from).length !== 2) throw new Error(`${path}: to be repaired, but not found: ${from}`);
				contents = contents.replace(from, () => to);
			}
			return { contents };
		});
	},
};

async function bundle(file, minify) {
	const { outputFiles, metafile } = await build({
		absWorkingDir: root,
		entryPoints: [file],
		bundle: true,
		write: false,
		metafile: true,
		format: 'cjs',
		platform: 'node',
		target: 'node20.12',
		minify,
		legalComments: 'none',
		// Fengari says that its modules may be left out when nothing is taken from them; one must be loaded first, though.
		ignoreAnnotations: true,
		plugins: [noLibraryList, repairs],
		logLevel: 'warning',
	});
	return {
		text: `export const source = ${JSON.stringify(outputFiles[0].text)};\n`,
		inputs: Object.keys(metafile.inputs).filter((input) => !input.startsWith('no-library-list:')),
	};
}

/** For the build. `inputs`, filled by it: the files that went into workers. */
export function bundledWorker() {
	const inputs = [];
	const plugin = {
		name: 'bundled-worker',
		setup({ onResolve, onLoad }) {
			onResolve({ filter: /\?bundled$/ }, ({ path, resolveDir }) => ({
				path: resolve(resolveDir, path.slice(0, -SUFFIX.length)),
				namespace: 'bundled-worker',
			}));
			onLoad({ filter: /.*/, namespace: 'bundled-worker' }, async ({ path }) => {
				const worker = await bundle(path, true);
				inputs.push(...worker.inputs);
				return { contents: worker.text, loader: 'js' };
			});
		},
	};
	return { plugin, inputs };
}

/** For the tests. */
export function bundledWorkerForTests() {
	return {
		name: 'bundled-worker',
		enforce: 'pre',
		async load(id) {
			if (!id.endsWith(SUFFIX)) return undefined;
			const { text, inputs } = await bundle(id.slice(0, -SUFFIX.length), false);
			for (const input of inputs) this.addWatchFile(resolve(root, input));
			return text;
		},
	};
}
