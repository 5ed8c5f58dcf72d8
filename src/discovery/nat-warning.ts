/** Explains why no camera is heard on a network behind NAT. */

import type { Emit } from '#contract/events.ts';
import { warning } from '#contract/warnings.ts';
import type { Nat } from '#network/rules/behind-nat.ts';

/** Where cameras are answered. */
export interface ResponderNetwork {
	interface: string;
	address: string;
}

/**
 * Passes events on. After the first "No camera yet" it warns if this network is behind NAT, unless a search was answered before
 * (a software camera's, for example). NAT is looked up only then, so that no camera waits for it.
 *
 * @param natOf finds the NAT in front of an interface; when it rejects there is no warning
 */
export function warningOfNat(emit: Emit, natOf: (place: ResponderNetwork) => Promise<Nat | undefined>): Emit {
	let place: ResponderNetwork | undefined;
	let over = false;
	const warn = async (at: ResponderNetwork) => {
		const nat = await natOf(at);
		if (nat !== undefined) emit(warning('behindNat', nat));
	};
	return (event) => {
		emit(event);
		if (event.type === 'ready') place = event;
		if (event.type === 'search' && event.answered) over = true;
		if (event.type !== 'warning' || event.code !== 'stillWaiting' || place === undefined || over) return;
		over = true;
		warn(place).catch(() => {});
	};
}
