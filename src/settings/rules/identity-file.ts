/** The identity inside its file: read, made, and saved from a damaged one. */
import { type Identity, judgeName, uuidIn } from '#contract/identity.ts';
import { isDamagedName, type Settings } from './judge.ts';
import { SETTINGS_VERSION } from './schema.ts';

/** The identity that a good `identity.json` holds. */
export function identityIn(settings: Settings): Identity {
	const { uuid, name, created } = settings;
	return {
		uuid: String(uuid),
		name: typeof name === 'string' ? name : null,
		created: typeof created === 'string' ? created : new Date(0).toISOString(),
	};
}

/** The settings to write for an identity; fields that this program does not know are kept. */
export function withIdentity(before: Settings | undefined, { uuid, name, created }: Identity): Settings {
	const { insteadOf, ...kept }: Partial<Settings> = before ?? {};
	// A UUID that was chosen since then is no makeshift.
	const makeshift = insteadOf !== undefined && before?.uuid === uuid;
	return { ...kept, version: SETTINGS_VERSION, uuid, name, created, ...(makeshift && { insteadOf }) };
}

/** Marks an identity as made because there was nothing to be saved from a damaged file, which is kept under this name. */
export function madeInsteadOf(settings: Settings, damaged: string): Settings {
	return { ...settings, insteadOf: damaged };
}

/** The damaged file in whose place this identity was made, if so. */
export function damagedBefore({ insteadOf }: Settings): string | undefined {
	return typeof insteadOf === 'string' && isDamagedName(insteadOf) ? insteadOf : undefined;
}

/**
 * What can be saved of a damaged identity file: cameras demand the same UUID for ever, so it is worth searching for.
 * @returns nothing when there is no UUID in it
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
