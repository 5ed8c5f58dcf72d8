/**
 * The settings files as JSON Schema. `conf` (ajv) uses it to check what is written, `problemIn` to check what is read and
 * imported. Other fields are allowed and kept, so that an older program with the same format does not lose what a newer
 * one saved.
 */
import { POLICIES, TOOL_CHOICES } from '#contract/profile.ts';

/** The format that this program writes. A file with a higher number belongs to a newer program and is left alone. */
export const SETTINGS_VERSION = 1;

/** The part of JSON Schema that these files need. */
export interface Schema {
	readonly type?: JsonType | readonly [JsonType, 'null'];
	readonly enum?: readonly (string | number | boolean | null)[];
	/** For strings; matched with the `u` flag, as ajv does. */
	readonly pattern?: string;
	readonly minimum?: number;
	readonly items?: Schema;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
}
export type JsonType = 'string' | 'integer' | 'boolean' | 'null' | 'array' | 'object';

const text: Schema = { type: 'string' };
const textOrNull: Schema = { type: ['string', 'null'] };
const version: Schema = { type: 'integer', minimum: 1 };
/** Begins with a date and a time as in ISO 8601. No stricter, because only the order of a list depends on it. */
const time = String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d`;

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';

/** One saved camera. */
export const profileSchema: Schema = {
	type: 'object',
	properties: {
		id: { type: 'string', pattern: String.raw`^[\p{L}\p{N}][\p{L}\p{N}._\-]{0,39}$` },
		model: textOrNull,
		serial: textOrNull,
		firmware: textOrNull,
		mac: { type: ['string', 'null'], pattern: '^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$' },
		lastAddress: { type: ['string', 'null'], pattern: `^${OCTET}(?:\\.${OCTET}){3}$` },
		chdk: { type: ['boolean', 'null'] },
		os: { enum: ['dryos', 'vxworks', null] },
		tool: { enum: TOOL_CHOICES },
		toolPath: textOrNull,
		toolArgs: { type: 'array', items: text },
		unlock: { enum: POLICIES },
		keepalive: { enum: POLICIES },
		interface: textOrNull,
		name: textOrNull,
		created: { type: 'string', pattern: time },
		lastUsed: { type: ['string', 'null'], pattern: time },
	},
	required: ['id', 'created'],
};

/** `profiles.json`, and what `profiles export` writes. */
export const profilesSchema: Schema = {
	type: 'object',
	properties: { version, profiles: { type: 'array', items: profileSchema } },
	required: ['version', 'profiles'],
};

/** `identity.json`. */
export const identitySchema: Schema = {
	type: 'object',
	properties: {
		version,
		uuid: { type: 'string', pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
		name: textOrNull,
		created: { type: 'string', pattern: time },
	},
	required: ['version', 'uuid'],
};
