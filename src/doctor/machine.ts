/** Finds out whether this is a container, WSL2 or a virtual machine. Reads a few files, and asks `ip` and `wslinfo`. */
import { readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { linkKindIn, type MachineFacts, searchDomains } from '#network/rules/behind-nat.ts';
import { type RunProgram, runProgram } from '#system/run-program.ts';

/** Where the facts come from. */
export interface MachineSources {
	platform: string;
	/** The folder to use as `/`. */
	root: string;
	/** Linux: the folder that contains a folder for each interface. */
	sysClassNet: string;
	env: Readonly<Record<string, string | undefined>>;
	run: RunProgram;
}

const thisMachine = (): MachineSources => ({
	platform: process.platform,
	root: '/',
	sysClassNet: '/sys/class/net',
	env: process.env,
	run: runProgram,
});

/** Collects the facts about the computer and the interface `name`. Never rejects; what cannot be read counts as unknown. */
export async function machineFacts(name: string, sources: Partial<MachineSources> = {}): Promise<MachineFacts> {
	const { platform, root, sysClassNet, env, run } = { ...thisMachine(), ...sources };
	if (platform !== 'linux') return { kernel: '', container: null, wslMode: null, domains: [], linkKind: null, foreignPeer: false };
	const text = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
	const is = (file: string): Promise<boolean> =>
		readFile(path.join(root, file)).then(
			() => true,
			() => false,
		);
	const kernel = await text(path.join(root, 'proc/version'));
	const link = path.join(sysClassNet, path.basename(name.replace(/:.*$/, ''))); // an alias like eth0:1 is its interface
	const [own, peer, device] = await Promise.all([
		text(path.join(link, 'ifindex')),
		text(path.join(link, 'iflink')),
		readlink(path.join(link, 'device')).catch(() => undefined),
	]);
	const container = (await is('.dockerenv'))
		? 'docker'
		: (await is('run/.containerenv'))
			? 'podman'
			: env.KUBERNETES_SERVICE_HOST !== undefined
				? 'kubernetes'
				: null;
	const wsl = /microsoft/i.test(kernel) ? await run('wslinfo', ['--networking-mode']) : undefined;
	const asked =
		container === null || device !== undefined ? undefined : await run('ip', ['-d', '-j', 'link', 'show', 'dev', path.basename(link)]);
	return {
		kernel,
		container,
		wslMode: wsl?.code === 0 ? wsl.stdout.trim() : null,
		domains: searchDomains(await text(path.join(root, 'etc/resolv.conf'))),
		linkKind: asked?.code === 0 ? linkKindIn(asked.stdout) : null,
		foreignPeer: device === undefined && own !== '' && peer !== '' && own !== peer,
	};
}
