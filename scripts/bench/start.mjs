// How soon the program answers its user.
import { BIN, median, ms, times, wallTimes } from './measure.mjs';

export async function startUp() {
	const node = process.execPath;
	const [bare, version, help, pair] = wallTimes(
		[
			[node, '-e', '0'],
			[node, BIN, '--version'],
			[node, BIN, '--help'],
			[node, BIN, 'pair', '--help'],
		],
		20,
	).map(median);
	return [
		['node -e 0', ms(bare), ''],
		['--version', ms(version), `${times(version / bare)} of node -e 0 (goal: 1.35 x)`],
		['--help', ms(help), `${times(help / bare)} of node -e 0 (goal: 1.35 x)`],
		['pair --help', ms(pair), `${times(pair / bare)} of node -e 0`],
	];
}
