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
	try {
		await import('../dist/main.js');
	} catch (error) {
		// Parts of the program are loaded when they are needed, and where nothing more can be opened they tell nothing themselves.
		if (error?.code !== 'EMFILE' && error?.code !== 'ENFILE') throw error;
		process.stderr.write(
			'error: canon-wifi could not be loaded: too many files are open.\n  Allow more, for example with `ulimit -n 1024`, then run the same command again.\n',
		);
		process.exitCode = 71;
	}
}
