/** `get`: which files, where to, and what is said about each. */

import { join } from 'node:path';
import { formatBytes } from '#base/text.ts';
import type { Camera } from '#camera/camera.ts';
import { isAnswer } from '#camera/ready-camera.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { warning } from '#contract/warnings.ts';
import { SIZE_BEYOND_32_BITS } from '#protocol/ptp/datasets.ts';
import { isSizeUnknown } from '#protocol/ptp/object-size.ts';
import { ConnectionLost } from '#protocol/ptpip/initiator/transact.ts';
import { type CardObject, walk } from '#transfer/card.ts';
import type { Catalogue } from '#transfer/catalogue/catalogue.ts';
import { download } from '#transfer/download.ts';
import { LocalTrouble } from '#transfer/local-files.ts';
import { layout, type Placed } from '#transfer/rules/layout.ts';
import { hasWildcard, leadsTo, type Selection, selection, selects, selectsItself } from '#transfer/rules/selection.ts';
import type { CommandOutput } from './output.ts';
import type { Command } from './rules/arguments.ts';

type Get = Extract<Command, { do: 'get' }>;

/** Downloads what is asked for; 1 when something was not found or not saved. Throws `destinationUnwritable` when nothing more can be. */
export async function getFiles(catalogue: Catalogue, command: Get, output: CommandOutput, signal: AbortSignal): Promise<number> {
	const { camera } = catalogue;
	const wanted = command.files.map(selection);
	const { files, missing, leftOut } = await choose(catalogue, wanted, command.all, signal);
	for (const why of leftOut) output.err(`get: ${why}`);
	for (const text of missing) output.err(`get: there is no "${text}" on the camera.`);
	const places = layout(files, command.all);
	let failed = missing.length > 0 || leftOut.length > 0;
	const run: Run = { camera, dir: command.to, saved: new Set(), output, signal, timesWarned: false, empty: 0 };
	let bytes = 0;
	let skipped = 0;
	let hopeless: LocalTrouble | undefined;
	for (const place of places) {
		const outcome = await getOne(run, place);
		if (outcome === 'failed' || outcome instanceof LocalTrouble) failed = true;
		else {
			bytes += outcome.bytes;
			skipped += outcome.skipped ? 1 : 0;
		}
		if (outcome instanceof LocalTrouble) {
			hopeless = outcome;
			break;
		}
	}
	if (command.all && places.length === 0) output.out('There are no files on the camera.');
	else if (places.length > 1) output.out(summary(run, places.length, bytes, skipped));
	if (hopeless !== undefined)
		throw new CanonWifiError('destinationUnwritable', { folder: command.to, why: hopeless.message }, { cause: hopeless });
	return failed ? 1 : 0;
}

function summary({ saved, empty }: Run, files: number, bytes: number, skipped: number): string {
	const nothing = empty === 0 ? '' : ` ${empty === 1 ? 'One is' : `${empty} are`} empty.`;
	return `${saved.size} saved (${formatBytes(bytes)}), ${skipped} skipped, ${files - saved.size - skipped} not saved.${nothing}`;
}

/** One `get` under way. */
interface Run {
	camera: Camera;
	dir: string;
	/** Paths that it has saved. */
	saved: Set<string>;
	output: CommandOutput;
	signal: AbortSignal;
	timesWarned: boolean;
	/** Files of which the camera sent nothing. */
	empty: number;
}

/** Once is enough: the next file will fare no better. */
function warnOfTimes(run: Run, why: string): void {
	if (run.timesWarned) return;
	run.timesWarned = true;
	run.output.warn('get', warning('timesNotSet', { folder: run.dir, why }));
}

async function choose(catalogue: Catalogue, wanted: readonly Selection[], all: boolean, signal: AbortSignal) {
	const files: CardObject[] = [];
	const found = new Set<Selection>();
	const enters = (folder: readonly string[]) => all || wanted.some((one) => leadsTo(one, folder));
	const leftOut: string[] = [];
	/** Files asked for by their whole names, and found: nothing that was left out can be missed then. */
	const exact = new Set<Selection>();
	for await (const object of walk(catalogue, { enters, leftOut: (why) => leftOut.push(why) }, signal)) {
		const by = wanted.filter((one) => selects(one, object.path));
		for (const one of by) {
			found.add(one);
			if (!object.folder && !hasWildcard(one.text) && selectsItself(one, object.path)) exact.add(one);
		}
		if (!object.folder && (all || by.length > 0)) files.push(object);
	}
	const missed = all || wanted.some((one) => !exact.has(one));
	return { files, leftOut: missed ? leftOut : [], missing: wanted.filter((one) => !found.has(one)).map(({ text }) => text) };
}

async function getOne(
	run: Run,
	{ file: object, to }: Placed<CardObject>,
): Promise<{ bytes: number; skipped: boolean } | 'failed' | LocalTrouble> {
	const { camera, dir, saved, output, signal } = run;
	const file = object.path.join('/');
	const size = isSizeUnknown(object.info.size) ? undefined : object.info.size;
	try {
		const done = await download({
			camera,
			object,
			dir,
			to,
			saved,
			signal,
			onProgress: (bytes, total, target) => output.transfer({ file, to: target, bytes, total, state: 'running' }),
		});
		const { target, state, bytes, resumedFrom } = done;
		output.transfer({ file, to: target, bytes, total: bytes, state });
		if (state === 'skipped') output.out(`Skipped ${file}: ${target} is there already.`);
		else {
			const resumed = resumedFrom > 0 ? `, ${formatBytes(resumedFrom)} of it from before` : '';
			const renamed = target === join(dir, ...to) ? '' : `; another ${to.at(-1)} was there`;
			const { size: told } = object.info;
			const lied = told === bytes || told === SIZE_BEYOND_32_BITS ? '' : `; the camera had said ${formatBytes(told)}`;
			output.out(`Saved ${target} (${bytes === 0 ? 'empty' : formatBytes(bytes)}${lied}${resumed}${renamed})`);
		}
		if (bytes === 0) {
			run.empty++;
			output.warn('get', warning('emptyFile', { file }));
		}
		if (done.timeNotSet !== undefined) warnOfTimes(run, done.timeNotSet);
		return { bytes: state === 'done' ? bytes - resumedFrom : 0, skipped: state === 'skipped' };
	} catch (error) {
		output.quiet();
		// Told also when giving it up has cost the connection: the next file meets that.
		if (error instanceof ConnectionLost || !(isAnswer(error) || error instanceof LocalTrouble)) throw error;
		output.err(`get: ${file}${size === undefined ? '' : ` (${formatBytes(size)})`} was not saved: ${error.message}.`);
		return error instanceof LocalTrouble && error.forAll ? error : 'failed';
	}
}
