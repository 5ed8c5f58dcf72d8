/** Reads the identity from its file, writes it, and rescues it from a damaged file. */
import { type Identity, judgeName, uuidIn } from '#contract/identity.ts';
import { isDamagedName, type Settings } from './judge.ts';
import { SETTINGS_VERSION } from './schema.ts';

/** Returns the identity in a good `identity.json`. */
export function identityIn(settings: Settings): Identity {
	const { uuid, name, created } = settings;
	return {
		uuid: String(uuid),
		name: typeof name === 'string' ? name : null,
		created: typeof created === 'string' ? created : new Date(0).toISOString(),
	};
}

/** Returns the settings to write for an identity. Fields that this program does not know are kept. */
export function withIdentity(before: Settings | undefined, { uuid, name, created }: Identity): Settings {
	const { insteadOf, ...kept }: Partial<Settings> = before ?? {};
	const settings = { ...kept, version: SETTINGS_VERSION, uuid, name, created };
	// A UUID that was chosen since then does not stand in for a lost one.
	return insteadOf !== undefined && before?.uuid === uuid ? { ...settings, insteadOf } : settings;
}

/** Marks an identity as new because nothing could be rescued from a damaged file, which is kept under this name. */
export function madeInsteadOf(settings: Settings, damaged: string): Settings {
	return { ...settings, insteadOf: damaged };
}

/** Returns the name of the damaged file that this identity replaces, if any. */
export function damagedBefore({ insteadOf }: Settings): string | undefined {
	return typeof insteadOf === 'string' && isDamagedName(insteadOf) ? insteadOf : undefined;
}

/**
 * Rescues what it can from a damaged identity file. Paired cameras only accept the same UUID, so it is worth a search.
 * @returns `undefined` if the text contains no UUID
 */
export function salvageIdentity(text: string, now: Date): Identity | undefined {
	const uuid = uuidIn(text);
	if (uuid === undefined) return undefined;
	return { uuid, name: nameIn(text), created: now.toISOString() };
}

function nameIn(text: string): string | null {
	const quoted = /"name"\s*:\s*("(?:[^"\\\n]|\\.)*")/.exec(text)?.[1];
	if (quoted === undefined) return null;
	try {
		const name = JSON.parse(quoted) as string;
		return judgeName(name).refused === undefined ? name : null;
	} catch {
		return null;
	}
}
