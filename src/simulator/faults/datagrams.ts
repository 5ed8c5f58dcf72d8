/** Datagrams on a bad day: each passes, is lost, comes twice, or comes after the next one. */
import type { DatagramDirection, FaultPlan } from './plan.ts';

/** Lets a datagram (`what`: "a search") through as the plan says; without one it passes. What is held when it ends is lost. */
export type Passage = (what: string, deliver: () => void) => void;

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
