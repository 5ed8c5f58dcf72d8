/** Somebody who comes from the old helper scripts has paired cameras that know another UUID. */
import type { Identity } from '#contract/identity.ts';
import type { Deps } from './deps.ts';

/** Tells once when the current folder holds an old helper's UUID that is not this computer's. */
export function noteOldUuid(identity: Identity, deps: Pick<Deps, 'oldUuidFile' | 'emit'>): void {
	const old = deps.oldUuidFile();
	if (old === undefined || old.uuid === identity.uuid) return;
	deps.emit({
		type: 'warning',
		code: 'oldUuid',
		message: `${old.file} in this folder holds another UUID than this computer's; cameras that were paired with it do not know this computer.`,
		next: `\`canon-wifi identity import ${old.file}\` takes it over.`,
	});
}
