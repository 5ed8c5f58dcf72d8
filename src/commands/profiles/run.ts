/** `profiles`: the saved cameras. Results go to stdout; nothing is asked. */

import { nearest } from '#base/suggest.ts';
import { pairs, table } from '#base/table.ts';
import { printable, quoteArg } from '#base/text.ts';
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import { type Profile, profileIdProblem } from '#contract/profile.ts';
import type { ProfileStore } from '#settings/ports.ts';
import { KEY_CHOICES, PROFILE_KEYS, readChanges } from '#settings/rules/profile-keys.ts';
import { exportText, readImport } from '#settings/rules/transfer.ts';
import type { Context, Outcome } from '../shared/context.ts';
import type { Files } from '../shared/files.ts';
import type { ProfilesCall } from './flags.ts';

export const needs = ['emit', 'out', 'columns', 'json', 'clock', 'profiles', 'files'] as const;

export type ProfilesContext = Pick<Omit<Context, 'profiles'> & { profiles: ProfileStore; files: Files }, (typeof needs)[number]>;

/** Does one of the sub-commands. Throws `noProfile`, `usage`, `badImport` and what the store throws. */
export async function run(call: ProfilesCall, context: ProfilesContext): Promise<Outcome> {
	const { profiles } = context;
	switch (call.do) {
		case 'list':
			return list(context);
		case 'show':
			return tell([wanted(call.profile, profiles)], context, ([profile]) => (profile === undefined ? '' : shown(profile, context.columns)));
		case 'set': {
			wanted(call.profile, profiles);
			const changes = readChanges(call.changes);
			if (call.changes.length === 0)
				throw new CanonWifiError('usage', {
					problem: 'Nothing to set is given.',
					next: `Give KEY=VALUE; keys are: ${PROFILE_KEYS.join(', ')}.`,
				});
			const after = profiles.update(call.profile, (before) => ({ ...before, ...changes }));
			return tell(
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
			return tell([wanted(call.newName, profiles)], context, () => `${call.profile} is now called ${call.newName}.\n`, {
				was: call.profile,
			});
		}
		case 'remove': {
			const gone = wanted(call.profile, profiles);
			profiles.remove(gone.id);
			return tell(
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

function list(context: ProfilesContext): Outcome {
	const none = 'No camera is saved yet. `canon-wifi pair` pairs one.\n';
	const row = (profile: Profile): string[] => [profile.id, printable(profile.model ?? 'unknown'), profile.tool, day(profile.lastUsed)];
	return tell(context.profiles.list(), context, (all) =>
		all.length === 0 ? none : table(['PROFILE', 'MODEL', 'TOOL', 'LAST USED'], all.map(row), context.columns),
	);
}

async function exportAll({ file, flags: { force = false } }: ProfilesCall & { do: 'export' }, context: ProfilesContext): Promise<Outcome> {
	const all = context.profiles.list();
	if (file === undefined || file === '-') return tell(all, context, exportText);
	await context.files.write(file, exportText(all), force);
	return tell(all, context, () => `${count(all)} written to ${printable(file)}.\n`, { file });
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
	return tell(
		incoming,
		context,
		() => `${count(incoming)} imported${incoming.length === 0 ? '' : `: ${incoming.map(({ id }) => id).join(', ')}`}.\n`,
	);
}

/** The profiles as events, or as `text` for people. */
function tell(
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

function shown(profile: Profile, columns: number): string {
	const fields = Object.entries(profile).filter(([key]) => key !== 'id');
	return `${profile.id}\n${pairs(
		fields.map(([key]) => printable(key)),
		fields.map(([key, value]) => valueWords(value, key)),
		columns,
	)}`;
}

/** What a person chooses, and may leave open; all else that is empty has not been learnt of the camera yet. */
const CHOSEN: readonly string[] = ['toolPath', 'interface', 'name'] satisfies (keyof Profile)[];

function emptyWords(key: string): string {
	if (key in KEY_CHOICES) return 'auto';
	if (key === 'lastUsed') return 'never';
	return CHOSEN.includes(key) ? 'not set' : 'not known';
}

function valueWords(value: unknown, key: string): string {
	if (value === null || value === '') return emptyWords(key);
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	if (Array.isArray(value))
		return value.length === 0
			? 'none'
			: printable(value.map((item) => (typeof item === 'string' ? quoteArg(item) : JSON.stringify(item))).join(' '));
	return printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** As the clock on the wall says. */
function day(time: string | null): string {
	if (time === null) return 'never';
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) return printable(time);
	const [month, dayOfMonth, hours, minutes] = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes()].map((part) =>
		String(part).padStart(2, '0'),
	);
	return `${date.getFullYear()}-${month}-${dayOfMonth} ${hours}:${minutes}`;
}
const count = (profiles: readonly Profile[]): string => (profiles.length === 1 ? '1 profile' : `${profiles.length} profiles`);
