/** Writes settings with `conf`: checked by ajv, atomically, mode 0600. Import this module when it is needed: it is slow to load. */
import fs from 'node:fs';
import path from 'node:path';
import Conf from 'conf';
import { errnoOf } from '#base/errors.ts';
import { plainWrite } from './plain-write.ts';
import type { SettingsKind } from './rules/judge.ts';
import type { Schema } from './rules/schema.ts';
import type { Write } from './settings-file.ts';

/** The writer for one kind of file. `conf` throws when the settings do not fit the schema: that is our bug. */
export function confWrite(kind: SettingsKind): Write {
	const write = confAlone(kind);
	return (file, settings) => {
		try {
			write(file, settings);
		} catch (error) {
			if (errnoOf(error) === undefined) throw error;
			// For conf a failed fsync, chmod or chown is a failed write. What really stops a write stops this one too.
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
			// A key with a dot in it is a key, not a path.
			accessPropertiesByDotNotation: false,
			// A file that cannot be read is kept aside by `SettingsFile`, never emptied.
			clearInvalidConfig: false,
			schema: (schema.properties ?? {}) as Record<string, Schema & object>,
			...(schema.required === undefined ? {} : { rootSchema: { required: [...schema.required] } }),
			// `conf` writes them by itself when there is no file yet.
			defaults: settings,
			serialize: (value) => `${JSON.stringify(value, undefined, '\t')}\n`,
		});
		if (!isNew) conf.store = settings;
	};
}
