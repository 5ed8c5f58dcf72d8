// `npm run check`: types, lint, unused code, the package's shape, tests. `--without-tests`: all but the last.
import { build, installPackages, local, run } from './setup.mjs';

installPackages();
build();
const steps = [
	['types', local('tsc'), ['--noEmit']],
	['lint and format', local('biome'), ['check', '.']],
	['unused code', local('knip'), []],
	['package', local('publint'), ['--strict']],
	...(process.argv.includes('--without-tests') ? [] : [['tests', process.execPath, ['scripts/test.mjs']]]),
];
const failed = steps.filter(([name, file, args]) => {
	console.log(`\n== ${name}`);
	return run(file, args) !== 0;
});
if (failed.length > 0) {
	console.error(`\nFailed: ${failed.map(([name]) => name).join(', ')}`);
	process.exit(1);
}
