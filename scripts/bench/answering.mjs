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
		for (;;) {
			try {
				await read(location);
				return { answered, served: performance.now() - began };
			} catch {
				if (performance.now() - began > 20_000) throw new Error('the description was never served');
			}
		}
	} finally {
		await program.stop();
		camera.close();
	}
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
			[`${name}: start to first description`, ms(median(starts[i].map((one) => one.served))), `median of ${STARTS}`],
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
