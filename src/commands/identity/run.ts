/** `identity`: the UUID by which paired cameras know this computer. */

import { pairs } from '#base/table.ts';
import { printable } from '#base/text.ts';
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import { type Identity, uuidIn } from '#contract/identity.ts';
import type { Identities } from '#settings/ports.ts';
import type { Deps, Outcome } from '../shared/deps.ts';
import type { Files } from '../shared/files.ts';

export type IdentityCall = { do: 'show' } | { do: 'import'; file: string } | { do: 'new'; yes: boolean };

export type IdentityDeps = Pick<Deps, 'emit' | 'out' | 'columns' | 'json' | 'conversation' | 'clock' | 'hostname'> & {
	identities: Identities;
	files: Files;
	/** A new random UUID (v4). */
	makeUuid(): string;
	/** Asks yes or no; only called in a conversation. Rejects when the person leaves. */
	confirm(question: string): Promise<boolean>;
};

const FORGETS =
	'Cameras that were paired with the old UUID no longer know this computer: pair each again by "Add a Device..." in its menu.';

/** Does one of the sub-commands. Throws `badImport`, `missingAnswer` and what the identity file throws. */
export async function run(call: IdentityCall, deps: IdentityDeps): Promise<Outcome> {
	switch (call.do) {
		case 'show':
			return told(deps.identities.load(), deps, '');
		case 'import': {
			const uuid = oldUuid(call.file, await deps.files.read(call.file));
			return replace(uuid, deps, `Imported from ${printable(call.file)}.`);
		}
		case 'new': {
			if (!call.yes && !(await agreed(deps))) {
				if (!deps.json) deps.out('Nothing was changed.\n');
				return { exitCode: EXIT.done, found: { changed: false } };
			}
			return replace(deps.makeUuid(), deps, 'This computer has a new UUID.');
		}
	}
}

/**
 * The UUID in an old helper's `ptpip-canon-helper.uuid`, which holds it alone on a line. Spaces, `uuid:`, braces and
 * upper case are forgiven; any other text is not that file.
 * @throws badImport
 */
export function oldUuid(file: string, text: string): string {
	const bare = text
		.replace(/^\ufeff/, '')
		.trim()
		.replace(/^(?:urn:)?uuid:\s*/i, '')
		.replace(/^\{(.*)\}$/, '$1');
	const uuid = uuidIn(bare);
	if (uuid === undefined || uuid.length !== bare.length)
		throw new CanonWifiError('badImport', { file, why: text.trim() === '' ? 'it is empty' : 'it does not hold one UUID and nothing else' });
	if (/^[0-]+$/.test(uuid)) throw new CanonWifiError('badImport', { file, why: 'its UUID is all zeros' });
	return uuid;
}

async function agreed(deps: IdentityDeps): Promise<boolean> {
	if (!deps.conversation)
		throw new CanonWifiError('missingAnswer', { what: 'the consent that paired cameras forget this computer', flag: '--yes' });
	return deps.confirm(`${FORGETS} Make a new UUID?`);
}

function replace(uuid: string, deps: IdentityDeps, done: string): Outcome {
	const { identities } = deps;
	const before = identities.exists() ? identities.load() : undefined;
	if (before?.uuid === uuid) return told(before, deps, 'This computer has that UUID already.', { changed: false });
	const identity: Identity = { uuid, name: before?.name ?? null, created: deps.clock.date().toISOString() };
	identities.save(identity);
	const lost = before === undefined ? '' : ` It replaces ${before.uuid}; note that down if a camera was paired with it. ${FORGETS}`;
	return told(identity, deps, `${done}${lost}`, { changed: true, replaced: before?.uuid ?? null });
}

function told(identity: Identity, deps: IdentityDeps, done: string, found: Outcome['found'] = {}): Outcome {
	const { uuid, name, created } = identity;
	const path = deps.identities.path;
	if (!deps.json) {
		const shown = printable(name ?? `${deps.hostname.split('.')[0] ?? ''} (host name)`);
		deps.out(
			`${done === '' ? '' : `${done}\n`}This computer, as cameras know it:\n${pairs(['UUID', 'name', 'since', 'file'], [uuid, shown, created, path], deps.columns)}`,
		);
	}
	return { exitCode: EXIT.done, found: { uuid, name, created, path, ...found } };
}
