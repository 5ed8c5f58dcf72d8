/** The command line of `profiles`. */
import { defineCommand, type GroupCallOf } from '../shared/command-line.ts';
import { PROFILE_ARGUMENT } from '../shared/flags.ts';

const profile = { ...PROFILE_ARGUMENT, required: true } as const;

export const PROFILES = defineCommand({
	name: 'profiles',
	summary: 'list, show, change, export and import saved cameras',
	examples: ['canon-wifi profiles', 'canon-wifi profiles set studio tool=gphoto2', 'canon-wifi profiles export > cameras.json'],
	subcommands: [
		{ name: 'list', summary: 'list all saved cameras' },
		{ name: 'show', summary: 'show one camera in full', arguments: { profile } },
		{
			name: 'set',
			summary: 'change settings of a camera',
			arguments: {
				profile,
				changes: {
					shown: 'key=value',
					kind: 'setting',
					required: true,
					variadic: true,
					description: 'for example tool=gphoto2 unlock=never',
				},
			},
		},
		{
			name: 'rename',
			summary: 'rename a camera',
			arguments: { profile, 'new-name': { required: true, description: 'its new name' } },
		},
		{ name: 'remove', summary: 'forget a camera', arguments: { profile } },
		{
			name: 'export',
			summary: 'write all cameras as JSON',
			arguments: { file: { kind: 'file', description: 'file to write (default: stdout)' } },
			flags: { force: { description: 'overwrite an existing file' } },
		},
		{
			name: 'import',
			summary: 'read cameras from an export',
			arguments: { file: { required: true, kind: 'file', description: 'an export, or - for stdin' } },
			flags: { force: { description: 'replace cameras of the same name' } },
		},
		{ name: 'path', summary: 'print where they are saved' },
	],
});

export type ProfilesCall = GroupCallOf<typeof PROFILES>;
