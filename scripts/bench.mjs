// `npm run bench`: prints a table; nothing here is a test. On 127.0.0.1 only.
//   npm run bench -- start answering transfer camera hold     only these
//   npm run bench -- list --lister 'chdkptp ... {host} {port}'   another program that lists the card
//   npm run bench -- --peer 'python3 helper.py 127.0.0.1'   another responder, measured in turn with ours
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { answering } from './bench/answering.mjs';
import { camera } from './bench/camera.mjs';
import { hold } from './bench/hold.mjs';
import { list } from './bench/list.mjs';
import { startUp } from './bench/start.mjs';
import { transfer } from './bench/transfer.mjs';
import { build, installPackages } from './setup.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { peer: { type: 'string' }, lister: { type: 'string' } } });
const parts = { start: startUp, answering: () => answering(values.peer), transfer, camera, hold, list: () => list(values.lister) };
const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = chosen.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
	console.error(`There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`);
	process.exit(64);
}

installPackages();
build();
console.log(`Node ${process.versions.node}, ${process.platform}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}\n`);
for (const name of chosen) {
	for (const [what, value, note] of await parts[name]()) console.log(`${what.padEnd(36)} ${value.padStart(12)}  ${note}`);
}
