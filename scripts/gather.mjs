// The second run of the build: gathers the files of the first one into few (output-files.mjs says why). A file of the first run
// is never taken apart, so what esbuild has put right for one file stays right: a module is loaded once, and in its order.
import { basename } from 'node:path';
import { build } from 'esbuild';

/**
 * @param first result of the first run, with `metafile` and without `write`
 * @param files as OUTPUT_FILES; `main` is the entry of the first run, and stays a file of its own: it waits for the others at its
 *   top level, so none of them may import it
 */
export async function gather({ outputFiles, metafile: { outputs } }, { main, files, outdir, options }) {
	const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
	const chunks = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
	const homes = homesOf(chunks, main, files);
	const used = [...new Set(homes.values())];
	const isOnUse = (chunk) => chunks.get(chunk).entryPoint !== undefined;

	const gathering = {
		name: 'gather',
		setup({ onResolve, onLoad }) {
			onResolve({ filter: /^gathered:/ }, ({ path }) => ({ path: path.slice('gathered:'.length), namespace: 'gathered' }));
			onResolve({ filter: /^\.\/.+\.js$/, namespace: 'chunk' }, ({ path, importer }) => {
				const chunk = basename(path);
				if (!chunks.has(chunk)) return { path, external: true };
				return { path: chunk, namespace: homes.get(chunk) === homes.get(importer) ? 'chunk' : 'elsewhere' };
			});
			onResolve({ filter: /^\.\/.+\.js$/, namespace: 'gathered' }, ({ path }) => ({ path: basename(path), namespace: 'chunk' }));
			onResolve({ filter: /^\.\/.+\.js$/, namespace: 'elsewhere' }, ({ path }) => ({ path, external: true }));
			// A file of its own, with all that others take from it under names that no two of its parts share.
			onLoad({ filter: /.*/, namespace: 'gathered' }, ({ path: home }) => ({
				contents: [...chunks.keys()]
					.filter((chunk) => homes.get(chunk) === home)
					.flatMap((chunk) => [
						exporting(chunk, chunks, (name) => `${name} as ${nameOf(chunk)}_${name}`, chunk),
						...(home !== main && isOnUse(chunk) ? [`export * as ${nameOf(chunk)} from "./${chunk}";`] : []),
					])
					.join('\n'),
			}));
			onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path: chunk }) => ({
				contents: texts.get(chunk).replaceAll(/\bimport\("\.\/([^"]+\.js)"\)/g, (_, wanted) => onUse(wanted)),
				loader: 'js',
			}));
			onLoad({ filter: /.*/, namespace: 'elsewhere' }, ({ path: chunk }) => ({
				contents: exporting(chunk, chunks, (name) => `${nameOf(chunk)}_${name} as ${name}`, `${homes.get(chunk)}.js`),
			}));
		},
	};
	/** A file that is loaded on use: of what it was gathered into, what it was. */
	const onUse = (chunk) => `import("./${homes.get(chunk)}.js").then((all)=>all.${nameOf(chunk)})`;

	const { metafile } = await build({
		...options,
		entryPoints: used.map((home) => ({ in: `gathered:${home}`, out: home })),
		outdir,
		bundle: true,
		splitting: false,
		metafile: true,
		plugins: [gathering],
	});
	check(metafile, chunks);
}

/** A name for use in JavaScript. */
const nameOf = (chunk) => `_${chunk.replaceAll(/\W/g, '_')}`;

function exporting(chunk, chunks, rename, from) {
	const names = chunks.get(chunk).exports.map(rename);
	return names.length === 0 ? `import "./${from}";` : `export { ${names.join(', ')} } from "./${from}";`;
}

/** The file that each file of the first run goes to. */
function homesOf(chunks, main, files) {
	const entries = new Map(
		[...chunks]
			.filter(([, { entryPoint }]) => entryPoint !== undefined)
			// Packages may lie somewhere above.
			.map(([chunk, { entryPoint }]) => [entryPoint.replace(/^.*?(?=node_modules\/)/, ''), chunk]),
	);
	const named = new Set(files.flatMap(({ onUse }) => onUse));
	const unnamed = [...entries.keys()].filter((entry) => !named.has(entry));
	if (unnamed.length > 0)
		throw new Error(`scripts/output-files.mjs does not say to which file goes what is loaded on use: ${unnamed.join(', ')}`);
	const gone = [...named].filter((entry) => !entries.has(entry));
	if (gone.length > 0) throw new Error(`scripts/output-files.mjs names what is not loaded on use: ${gone.join(', ')}`);

	const needs = new Map(
		files.map(({ name, onUse }) => [
			name,
			reached(
				chunks,
				onUse.map((entry) => entries.get(entry)),
			),
		]),
	);
	const homes = new Map([[`${main}.js`, main]]);
	for (const { name, shared = [] } of files) {
		const [one, ...others] = shared.map((file) => needs.get(file));
		const both = [...(one ?? [])].filter((chunk) => others.some((other) => other.has(chunk)));
		for (const chunk of [...needs.get(name), ...both]) if (!homes.has(chunk)) homes.set(chunk, name);
	}
	return homes;
}

/** These files of the first run and those that they import, not on use. */
function reached(chunks, from) {
	const found = new Set(from);
	for (const chunk of found)
		for (const { path, kind } of chunks.get(chunk).imports)
			if (kind === 'import-statement' && chunks.has(basename(path))) found.add(basename(path));
	return found;
}

/** Fails when something is in two files, so that it could be loaded twice, or when files import one another in a circle. */
function check({ outputs }, chunks) {
	const homes = new Map();
	for (const [path, { inputs }] of Object.entries(outputs))
		for (const input of Object.keys(inputs).filter((one) => one.startsWith('chunk:'))) {
			if (homes.has(input)) throw new Error(`${input} would be in ${homes.get(input)} and in ${path}`);
			homes.set(input, path);
		}
	const modules = new Map();
	for (const [chunk, { inputs }] of chunks)
		for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
			if (bytesInOutput > 0 && modules.has(input)) throw new Error(`${input} would be in ${modules.get(input)} and in ${chunk}`);
			modules.set(input, chunk);
		}
	const statics = new Map(
		Object.entries(outputs).map(([path, { imports }]) => [
			basename(path),
			imports.filter(({ kind, path: to }) => kind === 'import-statement' && to.startsWith('./')).map(({ path: to }) => basename(to)),
		]),
	);
	for (const [file] of statics) {
		const found = new Set(statics.get(file));
		for (const one of found) for (const next of statics.get(one)) found.add(next);
		if (found.has(file)) throw new Error(`${file} imports itself, by way of ${[...found].join(', ')}`);
	}
}
