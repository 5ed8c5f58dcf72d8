// `npm run demo`: installs, builds and runs the whole main job against the software camera on this computer.
import { build, installPackages, root, run } from './setup.mjs';

installPackages();
build();
process.exit(run(process.execPath, [`${root}bin/canon-wifi.mjs`, 'demo', ...process.argv.slice(2)], { cwd: process.cwd() }));
