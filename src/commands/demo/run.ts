/** `demo`: the main job from pairing to photos, with a simulated camera on 127.0.0.1. Every step is the real command. */

import { commandLine, formatBytes } from '#base/text.ts';
import { EXIT } from '#contract/errors.ts';
import type { Event } from '#contract/events.ts';
import type { Context, Outcome } from '../shared/context.ts';
import type { DemoPorts, SelfRun } from './ports.ts';

export const needs = ['emit', 'out', 'json', 'signal', 'tools', 'platform', 'self', 'folder', 'filesBelow', 'join'] as const;

export type DemoContext = Pick<Context & DemoPorts, (typeof needs)[number]>;

const ADDRESS = '127.0.0.1';

/** Runs the command. Its exit code is that of the first step that fails. */
export async function run(_call: object, context: DemoContext): Promise<Outcome> {
	const folder = await context.folder();
	const started: SelfRun[] = [];
	const heading = (text: string) => {
		if (!context.json) context.out(`\n${text}\n`);
	};
	const step = async (args: readonly string[], shown: readonly string[] = args): Promise<number> => {
		context.signal.throwIfAborted();
		heading(`$ ${commandLine('canon-wifi', shown, context.platform)}`);
		const child = context.self(['--config-dir', context.join(folder.path, 'settings'), ...args], (event) =>
			passOn(event as Event, context),
		);
		started.push(child);
		return child.ended;
	};
	const stop = () => {
		for (const child of started) child.stop();
	};
	context.signal.addEventListener('abort', stop);
	try {
		heading(
			'A simulated camera is switched on at 127.0.0.1. It searches for a computer, as a PowerShot does\nafter "Add a Device...", and chooses this computer a second after it is listed.',
		);
		const camera = context.self(
			['simulate', '--address', ADDRESS, '--state', context.join(folder.path, 'camera.json'), '--select-after', '1', '--survive'],
			() => {},
		);
		started.push(camera);

		const photos = context.join(folder.path, 'photos');
		const network = ['--address', ADDRESS, '--no-input'];
		let code = await step(['pair', 'demo', '--tool', 'builtin', ...network]);
		if (code === 0) {
			heading(
				'Disconnecting switched the Wi-Fi off, as on a real camera. Once the connection is chosen on it again,\none short command is enough:',
			);
			code = await step(
				['connect', 'demo', ...network, '--', 'get', '--all', '--to', photos],
				['connect', 'demo', '--', 'get', '--all', '--to', 'photos'],
			);
		}
		if (code === 0 && (await context.tools.find('gphoto2')).state === 'usable') {
			heading('gphoto2 is installed here, so the same with it:');
			code = await step(
				['connect', 'demo', '--tool', 'gphoto2', ...network, '--', '--list-files'],
				['connect', 'demo', '--tool', 'gphoto2', '--', '--list-files'],
			);
		}
		context.signal.throwIfAborted();
		if (code !== 0) {
			heading('The demo failed. Run `canon-wifi doctor` to find the cause.');
			return { exitCode: code };
		}
		const files = await context.filesBelow(photos);
		if (files.length === 0) throw new Error('the demo ended well, and yet no picture came');
		const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
		heading(`It works: ${files.length} pictures, ${formatBytes(bytes)}, downloaded over PTP/IP.\nWith a real camera: \`canon-wifi pair\`.`);
		return { exitCode: EXIT.done, found: { files: files.length } };
	} finally {
		context.signal.removeEventListener('abort', stop);
		stop();
		await Promise.allSettled(started.map((child) => child.ended));
		await folder.remove();
	}
}

/** Passes an event of a step on; its result is not ours. */
function passOn(event: Event, context: Pick<DemoContext, 'emit' | 'out' | 'json'>): void {
	if (event.type === 'result') return;
	if (event.type === 'toolSaid' && !context.json) context.out(`  ${event.line}\n`);
	else context.emit(event);
}
