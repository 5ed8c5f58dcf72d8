// `npm test`: installs what is missing, builds, runs every test. Arguments go to vitest: `npm test -- test/core`.
import { build, installPackages, installPrograms, local, must, root } from './setup.mjs';

/** Programs that tests use, and the Debian packages that bring them. */
const PROGRAMS = {
	gphoto2: 'gphoto2',
	ip: 'iproute2',
	tmux: 'tmux',
	zsh: 'zsh',
	fish: 'fish',
	'lua5.2': 'lua5.2',
};

installPackages();
const missing = installPrograms(PROGRAMS);
if (missing.length > 0) {
	console.log(`Not installed here: ${missing.join(', ')}. Tests that need them say so and are skipped.`);
	if (process.env.CI === 'true') {
		console.error('With CI=true nothing may be skipped.');
		process.exit(1);
	}
}
build();
must(local('vitest'), ['run', ...process.argv.slice(2)], { cwd: root });
