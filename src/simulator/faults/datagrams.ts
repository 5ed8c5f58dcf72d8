/** Faults of datagrams: each one passes, is lost, comes twice, or comes after the next one. */
import type { DatagramDirection, FaultPlan } from './plan.ts';

/** Delivers a datagram as the faults decide. `what` names it: "a search". A datagram still held back at the end is lost. */
export type Passage = (what: string, deliver: () => void) => void;

/** Makes the passage of one direction. Without a plan every datagram passes. */
export function passage(plan: Pick<FaultPlan, 'datagram'> | undefined, direction: DatagramDirection): Passage {
	let held: (() => void) | undefined;
	return (what, deliver) => {
		const fate = plan?.datagram(direction, what, held === undefined) ?? 'passes';
		if (fate === 'lost') return;
		if (fate === 'held') {
			held = deliver;
			return;
		}
		deliver();
		if (fate === 'doubled') deliver();
		const late = held;
		held = undefined;
		late?.();
	};
}
