/** What the text of a settings file is worth: good, of a newer program, or damaged. */
import { isObject, problemIn } from './check.ts';
import { identitySchema, profilesSchema, type Schema, SETTINGS_VERSION } from './schema.ts';

/** A settings file as saved: the fields of its kind, and whatever else stood there. */
export interface Settings {
	version: number;
	[field: string]: unknown;
}

export type SettingsVerdict =
	| { state: 'good'; settings: Settings }
	/** Written by a newer program: not ours to touch. */
	| { state: 'newer'; version: number }
	| { state: 'damaged'; why: string };

/** The two files, with what cannot be said by a schema. */
export interface SettingsKind {
	/** File name without `.json`. */
	readonly name: 'identity' | 'profiles';
	readonly schema: Schema;
	problem(settings: Settings): string | undefined;
}

export const IDENTITY_FILE: SettingsKind = { name: 'identity', schema: identitySchema, problem: () => undefined };

export const PROFILES_FILE: SettingsKind = {
	name: 'profiles',
	schema: profilesSchema,
	problem(settings) {
		const ids = (settings.profiles as { id: string }[]).map(({ id }) => id);
		const twice = ids.find((id, index) => ids.indexOf(id) !== index);
		return twice === undefined ? undefined : `two profiles are called "${twice}"`;
	},
};

/** Judges the text of a file. The version is looked at before anything else: a newer format may look any way it likes. */
export function judgeSettings(kind: SettingsKind, text: string): SettingsVerdict {
	let value: unknown;
	try {
		value = JSON.parse(text.replace(/^\ufeff/, ''));
	} catch {
		return { state: 'damaged', why: text.trim() === '' ? 'it is empty' : 'it is not JSON' };
	}
	if (isObject(value) && Number.isInteger(value.version) && Number(value.version) > SETTINGS_VERSION)
		return { state: 'newer', version: Number(value.version) };
	const why = problemIn(kind.schema, value) ?? kind.problem(value as Settings);
	return why === undefined ? { state: 'good', settings: value as Settings } : { state: 'damaged', why };
}

/** The name under which a damaged file is kept: `profiles.damaged-20260131T120000Z.json`, with `-2`, `-3` when that is taken. */
export function damagedName(kind: Pick<SettingsKind, 'name'>, now: Date, nth: number): string {
	const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
	return `${kind.name}.damaged-${time}${nth > 1 ? `-${nth}` : ''}.json`;
}

/** Whether a file in the settings folder is a damaged one that was kept aside. */
export function isDamagedName(file: string): boolean {
	return /^(?:identity|profiles)\.damaged-\d{8}T\d{6}Z(?:-\d+)?\.json$/.test(file);
}
