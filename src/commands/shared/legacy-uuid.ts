/** Somebody who comes from the old helper scripts has paired cameras that know another UUID. */
import type { Identity } from '#contract/identity.ts';
import { warning } from '#contract/warnings.ts';
import type { Context } from './context.ts';

/** Warns when the current folder holds an old helper's UUID that is not this computer's. */
export function warnOfLegacyUuid(identity: Identity, { legacyUuidFile, emit }: Pick<Context, 'legacyUuidFile' | 'emit'>): void {
	const legacy = legacyUuidFile();
	if (legacy !== undefined && legacy.uuid !== identity.uuid) emit(warning('oldUuid', { file: legacy.file }));
}
