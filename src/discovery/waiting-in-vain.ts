/** A network behind NAT hears no camera: whoever waits there should learn why. */

import type { Emit } from '#contract/events.ts';
import { warning } from '#contract/warnings.ts';
import type { Nat } from '#network/rules/behind-nat.ts';

/** Where cameras are answered. */
export interface AnsweringOn {
	interface: string;
	address: string;
}

/**
 * Passes events on, and adds to the first "No camera yet" that this network is behind NAT, unless a search came in all the
 * same (a software camera's, say). It is looked up only then, so that no camera waits for it.
 *
 * @param natOf the NAT in front of an interface; what it rejects with is passed over
 */
export function warningOfNat(emit: Emit, natOf: (place: AnsweringOn) => Promise<Nat | undefined>): Emit {
	let place: AnsweringOn | undefined;
	let over = false;
	const warn = async (at: AnsweringOn) => {
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
