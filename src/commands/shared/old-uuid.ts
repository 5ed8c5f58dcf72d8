/** Somebody who comes from the old helper scripts has paired cameras that know another UUID. */

import type { Identity } from '#contract/identity.ts';
import { warning } from '#contract/warnings.ts';
import type { Deps } from './deps.ts';

/** Tells once when the current folder holds an old helper's UUID that is not this computer's. */
export function noteOldUuid(identity: Identity, deps: Pick<Deps, 'oldUuidFile' | 'emit'>): void {
	const old = deps.oldUuidFile();
	if (old === undefined || old.uuid === identity.uuid) return;
	deps.emit(warning('oldUuid', { file: old.file }));
}
