/** This computer's identity, which is made once and never lost. Loads nothing but Node, so that `serve` starts at once. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type Identity, uuidIn } from '#contract/identity.ts';
import { type Warning, warning } from '#contract/warnings.ts';
import { plainWrite } from './plain-write.ts';
import type { Identities } from './ports.ts';
import { damagedBefore, identityIn, madeInsteadOf, salvageIdentity, withIdentity } from './rules/identity-file.ts';
import { IDENTITY_FILE, isDamagedName, type Settings } from './rules/judge.ts';
import { type KeptAside, SettingsFile, type Write } from './settings-file.ts';

export interface IdentitiesOptions {
	/** The settings folder, absolute. */
	folder: string;
	now?: (() => Date) | undefined;
	makeUuid?: (() => string) | undefined;
	/** `confWrite(IDENTITY_FILE)` where its time to load does not matter. */
	write?: Write | undefined;
	/** `identitySaved`: the UUID was rescued from a damaged file; reported once. `identityLost`: it had no UUID; reported at each start until the user deals with it. */
	onWarning?: ((warning: Warning<'identitySaved' | 'identityLost'>) => void) | undefined;
}

/** Opens the identity file of a settings folder. */
export function openIdentities({
	folder,
	now = () => new Date(),
	makeUuid = randomUUID,
	write = plainWrite,
	onWarning = () => {},
}: IdentitiesOptions): Identities {
	const file = new SettingsFile({ folder, kind: IDENTITY_FILE, now });

	/** Keeps using the UUID of a damaged file, so that paired cameras still know this computer. */
	function salvage({ text, keptAs }: KeptAside): Settings | undefined {
		const identity = salvageIdentity(text, now());
		if (identity === undefined) return undefined;
		const settings = withIdentity(undefined, identity);
		write(file.path, settings);
		onWarning(warning('identitySaved', { file: file.path, movedTo: keptAs, uuid: identity.uuid }));
		return settings;
	}

	function make(): Settings {
		const made = withIdentity(undefined, { uuid: makeUuid(), name: null, created: now().toISOString() });
		const damaged = damagedWithoutUuid(folder);
		const settings = damaged === undefined ? made : madeInsteadOf(made, damaged);
		write(file.path, settings);
		return settings;
	}

	let reported = false;
	function reportLost(settings: Settings): void {
		const damaged = damagedBefore(settings);
		if (reported || damaged === undefined || !fs.existsSync(path.join(folder, damaged))) return;
		reported = true;
		onWarning(warning('identityLost', { file: path.join(folder, damaged) }));
	}

	return {
		path: file.path,
		load(): Identity {
			const settings = file.readUnlessDamaged() ?? file.locked(() => file.readLocked(salvage) ?? make());
			reportLost(settings);
			return identityIn(settings);
		},
		save(identity: Identity): void {
			file.locked(() => write(file.path, withIdentity(file.readLocked(salvage), identity)));
		},
		exists: () => file.exists(),
	};
}

/** Returns the name of the latest identity file that was moved aside, if it contains no UUID. */
function damagedWithoutUuid(folder: string): string | undefined {
	const names = fs.readdirSync(folder).filter((name) => isDamagedName(name) && name.startsWith(`${IDENTITY_FILE.name}.`));
	const latest = names.sort().at(-1);
	return latest === undefined || uuidIn(textOf(path.join(folder, latest))) !== undefined ? undefined : latest;
}

/** Returns the text of a damaged file. One that cannot be read counts as empty, because it must not prevent a new identity. */
function textOf(file: string): string {
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
