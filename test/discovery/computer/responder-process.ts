/**
 * Runs the responder alone in a process, so that a test can put it into a network namespace. Says what happens as lines of JSON;
 * does what the lines of stdin say, `renew` or `probe`, and ends with it.
 */
import { createInterface } from 'node:readline';
import { ssdpResponder } from '#discovery/computer/responder.ts';

const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
const open = await ssdpResponder().open(JSON.parse(process.argv[2] ?? ''), {
	search: (search) => say({ search }),
	failed: (why) => say({ failed: why }),
});
say({ open: true });
createInterface(process.stdin)
	.on('line', async (line) => {
		if (line === 'renew') {
			await open.renew();
			say({ renewed: true });
		} else say({ heard: await open.probe(new AbortController().signal) });
	})
	.on('close', () => open.close());
