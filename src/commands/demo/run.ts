/** `demo`: the main job from pairing to photos, against the software camera on 127.0.0.1. Every step is the real command. */

import { commandLine, formatBytes } from '#base/text.ts';
import { EXIT } from '#contract/errors.ts';
import type { Event } from '#contract/events.ts';
import type { Deps, Outcome } from '../shared/deps.ts';

/** A run of this very program as a process of its own. */
export interface SelfRun {
	/** Its exit code, when it has ended. */
	ended: Promise<number>;
	stop(): void;
}

export interface DemoDeps extends Pick<Deps, 'emit' | 'out' | 'json' | 'signal' | 'tools' | 'platform'> {
	/** Starts this program with `--json` and these arguments; `on` gets its events (those of `simulate` have types of their own). */
	self(args: readonly string[], on: (event: { type: string; [field: string]: unknown }) => void): SelfRun;
	/** An empty folder of our own, and how to remove it. */
	folder(): Promise<{ path: string; remove(): Promise<void> }>;
	/** Files below a folder, with their sizes in bytes. */
	files(folder: string): Promise<readonly { name: string; bytes: number }[]>;
	join(...parts: string[]): string;
}

const ADDRESS = '127.0.0.1';

/** Runs the command. Its exit code is that of the first step that fails. */
export async function run(deps: DemoDeps): Promise<Outcome> {
	const folder = await deps.folder();
	const started: SelfRun[] = [];
	const heading = (text: string) => {
		if (!deps.json) deps.out(`\n${text}\n`);
	};
	const step = async (args: readonly string[], shown: readonly string[] = args): Promise<number> => {
		deps.signal.throwIfAborted();
		heading(`$ ${commandLine('canon-wifi', shown, deps.platform)}`);
		const child = deps.self(['--config-dir', deps.join(folder.path, 'settings'), ...args], (event) => retell(event as Event, deps));
		started.push(child);
		return child.ended;
	};
	const stop = () => {
		for (const child of started) child.stop();
	};
	deps.signal.addEventListener('abort', stop);
	try {
		heading(
			'A software camera is switched on at 127.0.0.1. It searches for a computer, as a PowerShot does\nafter "Add a Device...", and its user chooses this computer a second after it is listed.',
		);
		const camera = deps.self(
			['simulate', '--address', ADDRESS, '--state', deps.join(folder.path, 'camera.json'), '--select-after', '1', '--survive'],
			() => {},
		);
		started.push(camera);

		const photos = deps.join(folder.path, 'photos');
		const network = ['--address', ADDRESS, '--no-input'];
		let code = await step(['pair', 'demo', '--tool', 'builtin', ...network]);
		if (code === 0) {
			heading(
				'Leaving the camera switched its Wi-Fi off, as it does on a real one. Its user chooses the connection\nagain, and one short command is enough:',
			);
			code = await step(
				['connect', 'demo', ...network, '--', 'get', '--all', '--to', photos],
				['connect', 'demo', '--', 'get', '--all', '--to', 'photos'],
			);
		}
		if (code === 0 && (await deps.tools.find('gphoto2')).state === 'usable') {
			heading('gphoto2 is installed here, so the same with it:');
			code = await step(
				['connect', 'demo', '--tool', 'gphoto2', ...network, '--', '--list-files'],
				['connect', 'demo', '--tool', 'gphoto2', '--', '--list-files'],
			);
		}
		deps.signal.throwIfAborted();
		if (code !== 0) {
			heading('The demo did not get through; `canon-wifi doctor` looks for the cause.');
			return { exitCode: code };
		}
		const files = await deps.files(photos);
		if (files.length === 0) throw new Error('the demo ended well, and yet no picture came');
		const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
		heading(`It works: ${files.length} pictures, ${formatBytes(bytes)}, came over PTP/IP.\nWith a real camera: \`canon-wifi pair\`.`);
		return { exitCode: EXIT.done, found: { files: files.length } };
	} finally {
		deps.signal.removeEventListener('abort', stop);
		stop();
		await Promise.allSettled(started.map((child) => child.ended));
		await folder.remove();
	}
}

/** What a step tells is told on; its result is not ours. */
function retell(event: Event, deps: Pick<DemoDeps, 'emit' | 'out' | 'json'>): void {
	if (event.type === 'result') return;
	if (event.type === 'toolSaid' && !deps.json) deps.out(`  ${event.line}\n`);
	else deps.emit(event);
}
