/** Hosts on one cable: network namespaces joined by a bridge, each with an address in 10.77.0.0/24. */
import { execFileSync } from 'node:child_process';

const ip = (...words: string[]) => execFileSync('ip', words, { stdio: 'pipe' });

/** Why there can be no namespaces here, or nothing. With CI=true that is a failure. */
export function obstacle(): string | undefined {
	const why = findObstacle();
	if (why !== undefined && process.env.CI === 'true') throw new Error(`nothing may be skipped with CI=true, but ${why}`);
	return why;
}

function findObstacle(): string | undefined {
	if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
	if (process.getuid?.() !== 0) return 'only root may make network namespaces';
	const name = `cw-try-${process.pid}`;
	try {
		ip('netns', 'add', name);
		ip('netns', 'del', name);
		return undefined;
	} catch (error) {
		return `ip netns does not work here: ${error instanceof Error ? error.message.trim() : String(error)}`;
	}
}

export interface Host {
	/** Name of its namespace. */
	name: string;
	address: string;
	/** Runs `ip` inside it. */
	ip(...words: string[]): void;
	tc(...words: string[]): void;
}

let networks = 0;

/** Hosts with the last numbers of their addresses and, where it matters, their MACs. Dispose of it when done. */
export function network(hosts: Record<string, { last: number; mac?: string }>) {
	const tag = `${process.pid}-${networks++}`;
	const bridge = `cw-sw-${tag}`;
	const made: string[] = [];
	const add = (name: string) => {
		ip('netns', 'add', name);
		made.push(name);
		ip('-n', name, 'link', 'set', 'lo', 'up');
	};
	const remove = () => {
		for (const name of made.splice(0)) execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
	};
	try {
		add(bridge);
		ip('-n', bridge, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
		ip('-n', bridge, 'link', 'set', 'br0', 'up');
		const entries = Object.entries(hosts).map(([role, { last, mac }], n): [string, Host] => {
			const name = `cw-${role}-${tag}`;
			const address = `10.77.0.${last}`;
			add(name);
			ip('-n', bridge, 'link', 'add', `p${n}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name);
			if (mac !== undefined) ip('-n', name, 'link', 'set', 'eth0', 'address', mac);
			ip('-n', bridge, 'link', 'set', `p${n}`, 'master', 'br0', 'up');
			ip('-n', name, 'addr', 'add', `${address}/24`, 'brd', '+', 'dev', 'eth0');
			ip('-n', name, 'link', 'set', 'eth0', 'up');
			ip('-n', name, 'route', 'add', 'default', 'dev', 'eth0');
			return [
				role,
				{
					name,
					address,
					ip: (...words) => void ip('-n', name, ...words),
					tc: (...words) => void execFileSync('ip', ['netns', 'exec', name, 'tc', ...words], { stdio: 'pipe' }),
				},
			];
		});
		return { hosts: Object.fromEntries(entries) as Record<string, Host>, [Symbol.dispose]: remove };
	} catch (error) {
		remove();
		throw error;
	}
}
