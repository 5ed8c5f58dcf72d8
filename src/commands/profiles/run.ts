/** `profiles`: the saved cameras. Results go to stdout; nothing is asked. */

import { nearest } from '#base/suggest.ts';
import { printable } from '#base/text.ts';
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import { type Profile, profileIdProblem } from '#contract/profile.ts';
import type { ProfileStore } from '#settings/ports.ts';
import { PROFILE_KEYS, readChanges } from '#settings/rules/profile-keys.ts';
import { exportText, readImport } from '#settings/rules/transfer.ts';
import type { Context, Outcome } from '../shared/context.ts';
import type { Files } from '../shared/files.ts';
import type { ProfilesCall } from './flags.ts';
import { count, profilesTable, profileText, valueWords } from './text.ts';

export const needs = ['emit', 'out', 'columns', 'json', 'clock', 'profiles', 'files'] as const;

export type ProfilesContext = Pick<Omit<Context, 'profiles'> & { profiles: ProfileStore; files: Files }, (typeof needs)[number]>;

/** Does one of the sub-commands. Throws `noProfile`, `usage`, `badImport` and what the store throws. */
export async function run(call: ProfilesCall, context: ProfilesContext): Promise<Outcome> {
	const { profiles } = context;
	switch (call.do) {
		case 'list':
			return shown(profiles.list(), context, (all) => profilesTable(all, context.columns));
		case 'show':
			return shown([wanted(call.profile, profiles)], context, ([profile]) =>
				profile === undefined ? '' : profileText(profile, context.columns),
			);
		case 'set': {
			wanted(call.profile, profiles);
			const changes = readChanges(call.changes);
			if (call.changes.length === 0)
				throw new CanonWifiError('usage', {
					problem: 'Nothing to set is given.',
					next: `Give KEY=VALUE; keys are: ${PROFILE_KEYS.join(', ')}.`,
				});
			const after = profiles.update(call.profile, (before) => ({ ...before, ...changes }));
			return shown(
				[after],
				context,
				() =>
					`${call.profile}: ${Object.entries(changes)
						.map(([key, value]) => `${key} is ${valueWords(value, key)}`)
						.join(', ')}.\n`,
			);
		}
		case 'rename': {
			demandId(call.newName);
			wanted(call.profile, profiles);
			profiles.rename(call.profile, call.newName);
			return shown([wanted(call.newName, profiles)], context, () => `${call.profile} is now called ${call.newName}.\n`, {
				was: call.profile,
			});
		}
		case 'remove': {
			const gone = wanted(call.profile, profiles);
			profiles.remove(gone.id);
			return shown(
				[gone],
				context,
				() =>
					`Removed ${gone.id}${gone.model === null ? '' : ` (${printable(gone.model)})`}. The camera itself still knows this computer.\n`,
				{
					removed: gone.id,
				},
			);
		}
		case 'export':
			return exportAll(call, context);
		case 'import':
			return importAll(call, context);
		case 'path':
			if (!context.json) context.out(`${profiles.path}\n`);
			return { exitCode: EXIT.done, found: { path: profiles.path } };
	}
}

async function exportAll({ file, flags: { force = false } }: ProfilesCall & { do: 'export' }, context: ProfilesContext): Promise<Outcome> {
	const all = context.profiles.list();
	if (file === undefined || file === '-') return shown(all, context, exportText);
	await context.files.write(file, exportText(all), force);
	return shown(all, context, () => `${count(all)} written to ${printable(file)}.\n`, { file });
}

async function importAll({ file, flags: { force = false } }: ProfilesCall & { do: 'import' }, context: ProfilesContext): Promise<Outcome> {
	const incoming = readImport(file, await context.files.read(file), context.clock.date());
	const known = new Map(context.profiles.list().map((profile) => [profile.id, JSON.stringify(profile)]));
	const clashes = incoming
		.filter((profile) => known.has(profile.id) && known.get(profile.id) !== JSON.stringify(profile))
		.map(({ id }) => id);
	if (clashes.length > 0 && !force)
		throw new CanonWifiError('usage', {
			problem: `${clashes.join(', ')} ${clashes.length === 1 ? 'is' : 'are'} saved already, and otherwise than in ${printable(file)}; nothing was imported.`,
			next: 'Use --force to replace what is saved, or rename it first with `canon-wifi profiles rename`.',
		});
	context.profiles.saveAll(incoming);
	return shown(
		incoming,
		context,
		() => `${count(incoming)} imported${incoming.length === 0 ? '' : `: ${incoming.map(({ id }) => id).join(', ')}`}.\n`,
	);
}

/** The profiles as events, or as `text` for people. */
function shown(
	profiles: readonly Profile[],
	context: ProfilesContext,
	text: (profiles: readonly Profile[]) => string,
	found: Outcome['found'] = {},
): Outcome {
	if (context.json) for (const profile of profiles) context.emit({ type: 'profile', ...profile });
	else context.out(text(profiles));
	return { exitCode: EXIT.done, found: { profiles: profiles.map(({ id }) => id), ...found } };
}

function wanted(id: string, profiles: ProfileStore): Profile {
	const all = profiles.list();
	const found = all.find((profile) => profile.id === id);
	if (found !== undefined) return found;
	const known = all.map((profile) => profile.id);
	const meant = nearest(id, known);
	throw new CanonWifiError('noProfile', { id, known: meant === undefined ? known : [meant, ...known.filter((one) => one !== meant)] });
}

function demandId(id: string): void {
	const problem = profileIdProblem(id);
	if (problem !== undefined)
		throw new CanonWifiError('usage', {
			problem: `"${printable(id)}" cannot be the name of a profile: ${problem}.`,
			next: 'Choose another, like "studio" or "elph-130".',
		});
}
