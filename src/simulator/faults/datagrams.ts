/** Datagrams on a bad day: each passes, is lost, comes twice, or comes after the next one. */
import type { FaultPlan } from './plan.ts';

/** Lets a datagram through as the plan says; without one it passes. Made for one direction; what is held when it ends is lost. */
export type Passage = (deliver: () => void) => void;

export function passage(plan: Pick<FaultPlan, 'datagram'> | undefined): Passage {
	let held: (() => void)[] = [];
	return (deliver) => {
		const fate = plan?.datagram() ?? 'passes';
		if (fate === 'lost') return;
		if (fate === 'held') {
			held.push(deliver);
			return;
		}
		deliver();
		if (fate === 'doubled') deliver();
		const late = held;
		held = [];
		for (const one of late) one();
	};
}
