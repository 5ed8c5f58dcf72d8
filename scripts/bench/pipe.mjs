// Copies bytes both ways and does nothing else: what any program of Node between a client and a camera costs.
//   node scripts/bench/pipe.mjs FROM-ADDRESS TO-ADDRESS TO-PORT
import { connect, createServer } from 'node:net';

const [from, host, port] = process.argv.slice(2);
const server = createServer({ noDelay: true }, (client) => {
	const camera = connect({ host, port: Number(port), noDelay: true });
	for (const [one, other] of [
		[client, camera],
		[camera, client],
	]) {
		one.pipe(other);
		one.on('error', () => other.destroy());
	}
});
server.listen(0, from, () => console.log(JSON.stringify({ type: 'sharing', port: server.address().port })));
