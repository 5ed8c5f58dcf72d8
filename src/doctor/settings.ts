/** Looks at the settings folder without touching it: a damaged file is told here, and kept aside only when it is used. */
import fs from 'node:fs';
import path from 'node:path';
import { errnoOf, whyOf } from '#base/errors.ts';
import { IDENTITY_FILE, isDamagedName, judgeSettings, PROFILES_FILE, type SettingsKind } from '#settings/rules/judge.ts';
import type { SettingsFacts, SettingsFileFacts } from './rules/facts.ts';

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

/** The folder, or the nearest one above it in which it would be made. */
function whyUnwritable(folder: string): string | null {
	try {
		fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
		if (!fs.statSync(folder).isDirectory()) return 'it is not a folder';
		const { blocks, bavail } = fs.statfsSync(folder); // of a disk without a size both are 0
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
