/** Judges the text of a settings file: good, written by a newer program, or damaged. */
import { isObject, problemIn } from './check.ts';
import { identitySchema, profilesSchema, type Schema, SETTINGS_VERSION } from './schema.ts';

/** The contents of a settings file: the fields of its kind, and any other fields. */
export interface Settings {
	version: number;
	[field: string]: unknown;
}

/** What a settings file turned out to be. `why` is part of a sentence. */
export type SettingsVerdict =
	| { state: 'good'; settings: Settings }
	/** Written by a newer program, so it must not be changed. */
	| { state: 'newer'; version: number }
	| { state: 'damaged'; why: string };

/** A kind of settings file. */
export interface SettingsKind {
	/** File name without `.json`. */
	readonly name: 'identity' | 'profiles';
	readonly schema: Schema;
	/** Returns a problem that a schema cannot express, as part of a sentence, or `undefined`. */
	problem(settings: Settings): string | undefined;
}

/** `identity.json`. */
export const IDENTITY_FILE: SettingsKind = { name: 'identity', schema: identitySchema, problem: () => undefined };

/** `profiles.json`. */
export const PROFILES_FILE: SettingsKind = {
	name: 'profiles',
	schema: profilesSchema,
	problem(settings) {
		const ids = (settings.profiles as { id: string }[]).map(({ id }) => id);
		const twice = ids.find((id, index) => ids.indexOf(id) !== index);
		return twice === undefined ? undefined : `two profiles are called "${twice}"`;
	},
};

/** Judges the text of a file. The version is checked first, because a newer format may differ in everything else. */
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

/** Returns the name under which a damaged file is kept: `profiles.damaged-20260131T120000Z.json`, with `-2`, `-3` if that is taken. */
export function damagedName(kind: Pick<SettingsKind, 'name'>, now: Date, nth: number): string {
	const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
	return `${kind.name}.damaged-${time}${nth > 1 ? `-${nth}` : ''}.json`;
}

/** Whether a file name in the settings folder is that of a damaged file that was moved aside. */
export function isDamagedName(file: string): boolean {
	return /^(?:identity|profiles)\.damaged-\d{8}T\d{6}Z(?:-\d+)?\.json$/.test(file);
}
