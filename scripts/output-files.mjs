// Which file of dist/ has what. esbuild's own splitting makes a file for every set of modules that some `import()`s have in
// common: over a hundred, and a start reads dozens of them. So its files are gathered into these, in a second run.

/**
 * In order: a module goes to the first file that needs it. `on use` are the modules that are loaded by `import()`, by their
 * paths; with them comes everything that they import and that no file before has, and what the first of `shared` and any of the
 * others need.
 */
export const OUTPUT_FILES = [
	// What every call needs, and with main.js all that --version and --help do.
	{ name: 'base', onUse: ['src/cli/main.ts'] },
	// What every command needs that does something, and small things that most of them do.
	{
		name: 'run',
		onUse: [
			'src/cli/wire.ts',
			'src/cli/providers.ts',
			'src/cli/present/index.ts',
			'src/cli/present/ndjson.ts',
			'src/base/temporary.ts',
			'src/commands/shared/confirm.ts',
			'src/hold/hold-registry.ts',
			'src/network/interfaces.ts',
			'src/settings/identities.ts',
			'src/settings/named-files.ts',
			'src/settings/profiles.ts',
			'src/settings/rules/judge.ts',
			'src/system/clock.ts',
			'src/system/self.ts',
			'src/system/templates.ts',
		],
		shared: ['simulate', 'serve'],
	},
	{
		name: 'settings',
		onUse: [
			'src/commands/completion/complete.ts',
			'src/commands/completion/run.ts',
			'src/commands/identity/run.ts',
			'src/commands/profiles/run.ts',
			'src/commands/status/run.ts',
		],
	},
	// Everything that a camera's search is answered with.
	{
		name: 'serve',
		onUse: [
			'src/commands/serve/run.ts',
			'src/discovery/computer/computer-flow.ts',
			'src/discovery/computer/description-server.ts',
			'src/discovery/computer/responder.ts',
			'src/doctor/machine.ts',
			'src/doctor/other-answerers.ts',
		],
	},
	// What cameras and their clients have in common.
	{ name: 'protocol', onUse: [], shared: ['simulate', 'connect', 'builtin', 'hold', 'doctor'] },
	// The commands that use a camera, and the tools that they start.
	{
		name: 'connect',
		onUse: [
			'src/commands/connect/run.ts',
			'src/commands/demo/run.ts',
			'src/commands/pair/run.ts',
			'src/tools/run/command.ts',
			'src/tools/tools.ts',
		],
	},
	{ name: 'builtin', onUse: ['src/builtin/client.ts', 'src/settings/listing-memory.ts'] },
	{ name: 'hold', onUse: ['src/commands/hold/run.ts', 'src/cli/present/hold-view.ts', 'src/hold/camera-proxy.ts'] },
	{ name: 'doctor', onUse: ['src/commands/doctor/run.ts', 'src/doctor/probes.ts'] },
	{ name: 'models', onUse: ['src/simulator/models/catalogue.ts'] },
	{
		name: 'simulate',
		onUse: ['src/commands/simulate/run.ts', 'src/simulator/port.ts', 'src/simulator/screen/terminal.ts'],
	},
	{ name: 'lua', onUse: ['src/simulator/chdk/lua/machine.ts'] },
	{ name: 'questions', onUse: ['node_modules/@clack/prompts/dist/index.mjs', 'src/cli/present/wizard.ts'] },
	{ name: 'conf', onUse: ['src/settings/conf-write.ts'] },
];
