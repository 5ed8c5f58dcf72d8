/** `identity`: the UUID by which paired cameras know this computer. */

import { pairs } from '#base/table.ts';
import { printable } from '#base/text.ts';
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import { type Identity, uuidIn } from '#contract/identity.ts';
import type { Context, Outcome } from '../shared/context.ts';
import type { Files } from '../shared/files.ts';
import type { IdentityCall } from './flags.ts';

export interface IdentityPorts {
	files: Files;
	/** Makes a random UUID (v4). */
	makeUuid(): string;
	/** Asks yes or no, and rejects when the person leaves; absent where nobody can be asked. */
	confirm: ((question: string) => Promise<boolean>) | undefined;
}

export const needs = ['out', 'columns', 'json', 'clock', 'hostname', 'identities', 'files', 'makeUuid', 'confirm'] as const;

export type IdentityContext = Pick<Context & IdentityPorts, (typeof needs)[number]>;

const FORGETS =
	'Cameras that were paired with the old UUID no longer know this computer: pair each again by "Add a Device..." in its menu.';

/** Does one of the sub-commands. Throws `badImport`, `missingAnswer` and what the identity file throws. */
export async function run(call: IdentityCall, context: IdentityContext): Promise<Outcome> {
	switch (call.do) {
		case 'show':
			return printed(context.identities.load(), context, '');
		case 'import': {
			const uuid = oldUuid(call.file, await context.files.read(call.file));
			return replace(uuid, context, `Imported from ${printable(call.file)}.`);
		}
		case 'new': {
			if (call.flags.yes !== true && !(await agreed(context))) {
				if (!context.json) context.out('Nothing was changed.\n');
				return { exitCode: EXIT.done, found: { changed: false } };
			}
			return replace(context.makeUuid(), context, 'This computer has a new UUID.');
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

async function agreed(context: IdentityContext): Promise<boolean> {
	if (context.confirm === undefined)
		throw new CanonWifiError('missingAnswer', { what: 'the consent that paired cameras forget this computer', flag: '--yes' });
	return context.confirm(`${FORGETS} Make a new UUID?`);
}

function replace(uuid: string, context: IdentityContext, done: string): Outcome {
	const { identities } = context;
	const before = identities.exists() ? identities.load() : undefined;
	if (before?.uuid === uuid) return printed(before, context, 'This computer has that UUID already.', { changed: false });
	const identity: Identity = { uuid, name: before?.name ?? null, created: context.clock.date().toISOString() };
	identities.save(identity);
	const lost = before === undefined ? '' : ` It replaces ${before.uuid}; note that down if a camera was paired with it. ${FORGETS}`;
	return printed(identity, context, `${done}${lost}`, { changed: true, replaced: before?.uuid ?? null });
}

function printed(identity: Identity, context: IdentityContext, done: string, found: Outcome['found'] = {}): Outcome {
	const { uuid, name, created } = identity;
	const path = context.identities.path;
	if (!context.json) {
		const shown = printable(name ?? `${context.hostname.split('.')[0] ?? ''} (host name)`);
		context.out(
			`${done === '' ? '' : `${done}\n`}This computer, as cameras know it:\n${pairs(['UUID', 'name', 'since', 'file'], [uuid, shown, created, path], context.columns)}`,
		);
	}
	return { exitCode: EXIT.done, found: { uuid, name, created, path, ...found } };
}
