// Two hosts on one cable: network namespaces of this run's own. Nothing in them reaches any other network.
import { execFileSync } from 'node:child_process';

const ip = (...words) => execFileSync('ip', words, { stdio: 'pipe' });

/** Why there can be no namespaces here, or undefined. */
export function noHosts() {
	if (process.getuid() !== 0) return 'only root may make network namespaces';
	const name = `cw-try-${process.pid}`;
	try {
		ip('netns', 'add', name);
		ip('netns', 'del', name);
		return undefined;
	} catch (error) {
		return `ip netns does not work here: ${error.message.trim()}`;
	}
}

/** The computer, and a camera with a MAC of Canon's. */
export function openHosts() {
	const [computer, camera] = [
		{ name: `cw-win-pc-${process.pid}`, address: '10.78.0.20' },
		{ name: `cw-win-cam-${process.pid}`, address: '10.78.0.45' },
	];
	const made = [];
	const close = () => {
		for (const name of made.splice(0)) execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
	};
	try {
		for (const { name } of [computer, camera]) {
			ip('netns', 'add', name);
			made.push(name);
			ip('-n', name, 'link', 'set', 'lo', 'up');
		}
		ip('link', 'add', 'eth0', 'netns', computer.name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', camera.name);
		ip('-n', camera.name, 'link', 'set', 'eth0', 'address', '2c:9e:fc:01:02:03');
		for (const { name, address } of [computer, camera]) {
			ip('-n', name, 'addr', 'add', `${address}/24`, 'brd', '+', 'dev', 'eth0');
			ip('-n', name, 'link', 'set', 'eth0', 'up');
			ip('-n', name, 'route', 'add', 'default', 'dev', 'eth0');
		}
		return { computer, camera, close };
	} catch (error) {
		close();
		throw error;
	}
}
