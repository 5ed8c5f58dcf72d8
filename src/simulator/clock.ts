/** Time as the camera sees it. Handed in, so that a test can move it forward. */
import { REAL_TIMERS, type Timers } from '#base/timers.ts';

export interface SimulatorClock extends Timers {
	/** The time of day on the camera's clock. */
	date(): Date;
}

/** This computer's clock. */
export const realClock: SimulatorClock = { ...REAL_TIMERS, date: () => new Date() };
