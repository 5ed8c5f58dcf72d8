/** A program for `terminal.test.ts`: two attempts of gphoto2 on this terminal, the first one refused. */
import { createTools } from '#tools/tools.ts';
import { attempt } from '../../support/attempt.ts';
import { handmadeCamera } from '../handmade-camera.ts';
import { jobAt } from '../harness.ts';

async function main(folder: string): Promise<void> {
	let lent = false;
	process.on('SIGINT', () => {
		process.stdout.write(lent ? '\nCTRL-C IS THE TOOL S\n' : '\nCTRL-C IS OURS\n');
	});
	await using camera = await handmadeCamera({ initFail: 1 });
	const tools = createTools({
		folder,
		templates: folder,
		platform: process.platform,
		env: process.env,
		stdin: () => {
			throw new Error('stdin was touched');
		},
		stdout: process.stdout,
		stderr: process.stderr,
		verbose: false,
		lendTerminal: () => {
			lent = true;
			return () => {
				lent = false;
			};
		},
		builtin: () => Promise.reject(new Error('not here')),
	});
	const client = await tools.client('gphoto2');
	const tell = (what: unknown): boolean => process.stdout.write(`\nTOLD ${JSON.stringify(what)}\n`);
	for (let n = 0; n < 2; n++) {
		tell(await attempt(client, jobAt(camera.port, { talk: 'terminal' }), () => {}, new AbortController().signal));
		camera.faults = {};
	}
	tools.close();
}

void main(process.argv[2] ?? '');
