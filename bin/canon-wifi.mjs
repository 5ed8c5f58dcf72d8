#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
	process.stderr.write(
		`canon-wifi needs Node 20.12 or newer; this is Node ${process.versions.node}.\nInstall a newer Node, then run the same command again.\n`,
	);
	process.exitCode = 72;
} else {
	await import('../dist/main.js');
}
