/** This computer's identity: made once, never lost. Loads nothing but Node, so that `serve` starts at once. */
import { randomUUID } from 'node:crypto';
import type { Identity } from '../../core/identity.ts';
import { identityIn, salvageIdentity, withIdentity } from '../../core/settings/identity.ts';
import { IDENTITY_FILE, type Settings } from '../../core/settings/judge.ts';
import type { Identities } from '../../flows/ports.ts';
import { plainWrite } from './plain-write.ts';
import { type KeptAside, SettingsFile, type Write } from './settings-file.ts';

export interface IdentitiesOptions {
	/** The settings folder, absolute. */
	folder: string;
	now?: () => Date;
	makeUuid?: () => string;
	/** `confWrite(IDENTITY_FILE)` where its time to load does not matter. */
	write?: Write;
	/** One sentence: the identity was saved from a damaged file. */
	onWarning?: (message: string) => void;
}

/** The identity file of a settings folder. */
export function openIdentities({
	folder,
	now = () => new Date(),
	makeUuid = randomUUID,
	write = plainWrite,
	onWarning = () => {},
}: IdentitiesOptions): Identities {
	const file = new SettingsFile({ folder, kind: IDENTITY_FILE, now });

	/** From a damaged file, which is kept: its UUID goes on, so that paired cameras still know this computer. */
	function salvage({ text, keptAs }: KeptAside): Settings | undefined {
		const identity = salvageIdentity(text, now());
		if (identity === undefined) return undefined;
		const settings = withIdentity(undefined, identity);
		write(file.path, settings);
		onWarning(
			`${file.path} was damaged and was kept aside as ${keptAs}. The UUID in it, ${identity.uuid}, goes on being used: paired cameras still know this computer.`,
		);
		return settings;
	}

	function make(): Settings {
		const settings = withIdentity(undefined, { uuid: makeUuid(), name: null, created: now().toISOString() });
		write(file.path, settings);
		return settings;
	}

	return {
		path: file.path,
		load(): Identity {
			return identityIn(file.readUnlessDamaged() ?? file.locked(() => file.readLocked(salvage) ?? make()));
		},
		save(identity: Identity): void {
			file.locked(() => write(file.path, withIdentity(file.readLocked(salvage), identity)));
		},
		exists: () => file.exists(),
	};
}
