/** Runs the responder alone in a process, so that a test can put it into a network namespace. Says what happens as lines of JSON. */
import { ssdpResponder } from '../../../src/adapters/ssdp/responder.ts';

const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
const open = await ssdpResponder().open(JSON.parse(process.argv[2] ?? ''), {
	search: (search) => say({ search }),
	failed: (why) => say({ failed: why }),
});
say({ open: true });
process.stdin.on('end', () => open.close().then(() => process.stdin.destroy())).resume();
