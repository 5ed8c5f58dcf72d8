/** Examines the settings folder without changing it. A damaged file is only reported here; it is moved aside when it is used. */
import fs from 'node:fs';
import path from 'node:path';
import { errnoOf, whyOf } from '#base/errors.ts';
import { IDENTITY_FILE, isDamagedName, judgeSettings, PROFILES_FILE, type SettingsKind } from '#settings/rules/judge.ts';
import type { SettingsFacts, SettingsFileFacts } from './rules/facts.ts';

/** Collects the facts about a settings folder. */
export function settingsFacts(folder: string): SettingsFacts {
	return {
		folder,
		unwritable: whyUnwritable(folder),
		identity: fileFacts(folder, IDENTITY_FILE),
		profiles: fileFacts(folder, PROFILES_FILE),
		damaged: namesIn(folder).filter(isDamagedName).sort(),
	};
}

function fileFacts(folder: string, kind: SettingsKind): SettingsFileFacts {
	const file = path.join(folder, `${kind.name}.json`);
	try {
		return {
			path: file,
			verdict: fs.statSync(file).isFile()
				? judgeSettings(kind, fs.readFileSync(file, 'utf8'))
				: { state: 'unreadable', why: 'it is not a file' },
		};
	} catch (error) {
		return { path: file, verdict: errnoOf(error) === 'ENOENT' ? null : { state: 'unreadable', why: whyOf(error) } };
	}
}

/** Says why the folder, or the nearest existing one above it, cannot be written; `null`: it can. */
function whyUnwritable(folder: string): string | null {
	try {
		fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
		if (!fs.statSync(folder).isDirectory()) return 'it is not a folder';
		const { blocks, bavail } = fs.statfsSync(folder); // both are 0 for a file system without a size
		return blocks > 0 && bavail === 0 ? 'the disk is full' : null;
	} catch (error) {
		const above = path.dirname(folder);
		return errnoOf(error) === 'ENOENT' && above !== folder ? whyUnwritable(above) : whyOf(error);
	}
}

function namesIn(folder: string): string[] {
	try {
		return fs.readdirSync(folder);
	} catch {
		return [];
	}
}
