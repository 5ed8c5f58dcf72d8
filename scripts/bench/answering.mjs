// How soon a camera is answered: from the start of the program, and from its search. A peer is measured in turn.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ADDRESS, asker, BIN, median, ms, quantile, read, start } from './measure.mjs';

const STARTS = 10;
const SEARCHES = 200;

/** One start: milliseconds to the first answered search, and to the first description served. */
async function firstAnswer(command) {
	const camera = await asker();
	const began = performance.now();
	const program = start(...command);
	try {
		const { location } = await camera.search(5);
		const answered = performance.now() - began;
		for (let end = began + 5000; performance.now() < end; ) {
			try {
				await read(location);
				return { answered, served: performance.now() - began };
			} catch {
				// Not yet; the old helper scripts, started soon after a run, never do: their port is still taken.
				await new Promise((resolve) => setTimeout(resolve, 1));
			}
		}
		return { answered, served: Number.NaN };
	} finally {
		await program.stop();
		camera.close();
	}
}

/** The median of those starts in which it was served at all. */
function served(starts) {
	const times = starts.map((one) => one.served).filter((time) => !Number.isNaN(time));
	return [times.length === 0 ? 'never' : ms(median(times)), `median; served in ${times.length} of ${starts.length} starts`];
}

async function answers(command) {
	const camera = await asker();
	const program = start(...command);
	try {
		await camera.search(20);
		const found = [];
		for (let n = 0; n < SEARCHES; n++) {
			// Up to five searches a second of one neighbour are answered; a camera asks once a second.
			await new Promise((resolve) => setTimeout(resolve, 210));
			found.push((await camera.search(1000)).ms);
		}
		return found;
	} finally {
		await program.stop();
		camera.close();
	}
}

export async function answering(peer) {
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-bench-'));
	const ours = [process.execPath, [BIN, 'serve', ADDRESS, '-q', '--config-dir', folder]];
	const theirs = peer === undefined ? undefined : ['/bin/sh', ['-c', `exec ${peer}`], { cwd: folder }];
	const who = [['serve', ours], ...(theirs === undefined ? [] : [['peer', theirs]])];
	try {
		const starts = who.map(() => []);
		for (let n = 0; n < STARTS; n++) for (const [i, [, command]] of who.entries()) starts[i].push(await firstAnswer(command));
		const rows = who.flatMap(([name], i) => [
			[`${name}: start to first answer`, ms(median(starts[i].map((one) => one.answered))), `median of ${STARTS}`],
			[`${name}: start to first description`, ...served(starts[i])],
		]);
		for (const [name, command] of who) {
			const found = await answers(command);
			rows.push([
				`${name}: search to answer`,
				ms(median(found)),
				`p99 ${ms(quantile(found, 0.99))}, of ${SEARCHES} (goal: p99 under 20 ms)`,
			]);
		}
		return rows;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
