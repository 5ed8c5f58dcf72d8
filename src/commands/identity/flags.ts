/** The command line of `identity`. */
import { defineCommand, type GroupCallOf } from '../shared/command-line.ts';

export const IDENTITY = defineCommand({
	name: 'identity',
	summary: "this computer's UUID and name, as cameras know it",
	examples: ['canon-wifi identity', 'canon-wifi identity import ptpip-canon-helper.uuid'],
	subcommands: [
		{ name: 'show', summary: 'show the UUID and the name' },
		{
			name: 'import',
			summary: "use the old helper scripts' UUID, so that paired cameras still know this computer",
			arguments: { file: { required: true, kind: 'file', description: 'ptpip-canon-helper.uuid' } },
		},
		{
			name: 'new',
			summary: 'make a new UUID: every camera must then be paired again',
			flags: { yes: { short: 'y', description: 'do not ask' } },
		},
	],
});

export type IdentityCall = GroupCallOf<typeof IDENTITY>;
