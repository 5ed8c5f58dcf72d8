#!/usr/bin/env node
// Some tools are controlled by these, and canon-wifi hands them on while one runs. Otherwise SIGUSR2 would end the program, and
// SIGUSR1 would open Node's debugger. So this comes first.
for (const name of ['SIGUSR1', 'SIGUSR2']) process.on(name, () => {});

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
	process.stderr.write(
		`canon-wifi needs Node 20.12 or newer; this is Node ${process.versions.node}.\nInstall a newer Node, then run the same command again.\n`,
	);
	process.exitCode = 72;
} else {
	await import('../dist/main.js');
}
