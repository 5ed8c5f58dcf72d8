/** Writes settings with `conf`: checked by ajv, atomically, with mode 0600. Import this module only when needed, because it loads slowly. */
import fs from 'node:fs';
import path from 'node:path';
import Conf from 'conf';
import { errnoOf } from '#base/errors.ts';
import { plainWrite } from './plain-write.ts';
import type { SettingsKind } from './rules/judge.ts';
import type { Schema } from './rules/schema.ts';
import type { Write } from './settings-file.ts';

/** Returns the writer for one kind of file. `conf` throws if the settings do not fit the schema, which is a bug of ours. */
export function confWrite(kind: SettingsKind): Write {
	const write = confAlone(kind);
	return (file, settings) => {
		try {
			write(file, settings);
		} catch (error) {
			if (errnoOf(error) === undefined) throw error;
			// conf treats a failed fsync, chmod or chown as a failed write. A real failure fails here again.
			plainWrite(file, settings);
		}
	};
}

function confAlone({ schema, name }: SettingsKind): Write {
	return (file, settings) => {
		const isNew = !fs.existsSync(file);
		const conf = new Conf<Record<string, unknown>>({
			cwd: path.dirname(file),
			configName: name,
			fileExtension: 'json',
			configFileMode: 0o600,
			// A key that contains a dot is a key and not a path.
			accessPropertiesByDotNotation: false,
			// `SettingsFile` moves an unreadable file aside; it must never be emptied.
			clearInvalidConfig: false,
			schema: (schema.properties ?? {}) as Record<string, Schema & object>,
			...(schema.required === undefined ? {} : { rootSchema: { required: [...schema.required] } }),
			// `conf` writes these when there is no file yet.
			defaults: settings,
			serialize: (value) => `${JSON.stringify(value, undefined, '\t')}\n`,
		});
		if (!isNew) conf.store = settings;
	};
}
