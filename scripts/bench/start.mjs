// How soon the program answers its user.
import { BIN, median, ms, times, wallTimes } from './measure.mjs';

export async function startUp() {
	const node = process.execPath;
	const [bare, version, help] = wallTimes(
		[
			[node, '-e', '0'],
			[node, BIN, '--version'],
			[node, BIN, '--help'],
		],
		20,
	).map(median);
	return [
		['node -e 0', ms(bare), ''],
		['--version', ms(version), `${times(version / bare)} of node -e 0 (goal: 1.5 x)`],
		['--help', ms(help), `${times(help / bare)} of node -e 0 (goal: 1.5 x)`],
	];
}
