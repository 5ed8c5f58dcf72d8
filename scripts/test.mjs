// `npm test`: installs what is missing, builds, runs every test. Arguments go to vitest: `npm test -- test/protocol`.
import { build, installPackages, installPrograms, local, must, root } from './setup.mjs';

/** Debian packages that tests use, and how each is known to be there. */
const PACKAGES = {
	gphoto2: 'gphoto2',
	iproute2: 'ip',
	tmux: 'tmux',
	bsdutils: 'script',
	zsh: 'zsh',
	fish: 'fish',
	nftables: 'nft',
	iptables: 'iptables',
	'lua5.2': 'lua5.2',
	'lua-socket': ['lua5.2', '-e', 'require "socket"'],
};

installPackages();
const missing = installPrograms(PACKAGES);
if (missing.length > 0) {
	console.log(`Not installed here: ${missing.join(', ')}. Tests that need them say so and are skipped.`);
	if (process.env.CI === 'true') {
		console.error('With CI=true nothing may be skipped.');
		process.exit(1);
	}
}
build();
must(local('vitest'), ['run', ...process.argv.slice(2)], { cwd: root });
