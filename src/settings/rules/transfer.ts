/** Moves profiles from one computer to another: writes exports and reads imports. */
import { CanonWifiError } from '#contract/errors.ts';
import { type Profile, profileIdProblem } from '#contract/profile.ts';
import { isObject } from './check.ts';
import { judgeSettings, PROFILES_FILE } from './judge.ts';
import { profilesIn } from './profiles.ts';
import { SETTINGS_VERSION } from './schema.ts';

/** Returns the text that `profiles export` writes. It has the shape of the settings file. */
export function exportText(profiles: readonly Profile[]): string {
	return `${JSON.stringify({ version: SETTINGS_VERSION, profiles }, undefined, 2)}\n`;
}

/**
 * Reads the profiles of an export. If one of them is bad, none is imported.
 * @param file name of the file, for the error
 * @throws badImport
 */
export function readImport(file: string, text: string, now: Date): Profile[] {
	const refuse = (why: string): CanonWifiError => new CanonWifiError('badImport', { file: file === '-' ? 'The input' : file, why });
	const verdict = judgeSettings(PROFILES_FILE, dated(text, now));
	if (verdict.state === 'newer') throw refuse(`it was written by a newer canon-wifi (format ${verdict.version})`);
	if (verdict.state === 'damaged') throw refuse(verdict.why);
	const profiles = profilesIn(verdict.settings);
	for (const { id } of profiles) {
		const problem = profileIdProblem(id);
		if (problem !== undefined) throw refuse(`the profile name "${id}" cannot be used: ${problem}`);
	}
	return profiles;
}

/** Fills in missing `created` fields, because a file written by hand need not have them. */
function dated(text: string, now: Date): string {
	try {
		const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
		if (!isObject(value) || !Array.isArray(value.profiles)) return text;
		const profiles = value.profiles.map((profile: unknown) =>
			isObject(profile) && profile.created === undefined ? { ...profile, created: now.toISOString() } : profile,
		);
		return JSON.stringify({ ...value, profiles });
	} catch {
		return text;
	}
}
