/** Explains why no camera has been recognised so far, from all that is known here. */

import type { Networks } from '#network/ports.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Discovery } from './discovering.ts';
import type { CameraFilter } from './rules/camera-selection.ts';
import { type Diagnosis, diagnose, HINTS, onlyOtherWords, TESTED } from './rules/hints.ts';
import { Outsiders, outsideWords } from './rules/outsiders.ts';
import type { OutsideSearch, Sightings } from './rules/sightings.ts';

/** What discovery knows about itself. */
export type DiscoveryHealth = Pick<Discovery, 'fault' | 'tested'>;

/** Collects what explains a long wait. */
export class WaitDiagnosis {
	readonly #networks: Networks;
	readonly #outsiders = new Outsiders();
	/** The announced network, once a search came from outside it. */
	#announced: NetworkInterface | undefined;
	#health: DiscoveryHealth | undefined;
	/** A camera was connected, and its session has ended. */
	#hadSession = false;

	constructor(networks: Networks) {
		this.#networks = networks;
	}

	/** Notes a search from outside the announced network. */
	searchedOutside({ from, target, network }: OutsideSearch): void {
		this.#announced = network;
		this.#outsiders.searched(from, target, network);
	}

	/** Uses discovery's own faults and tests, which explain a missing camera better than sightings. */
	explainBy(health: DiscoveryHealth): void {
		this.#health = health;
	}

	/** Notes that a session has ended, and forgets what was seen before. */
	sessionEnded(): void {
		this.#hadSession = true;
		this.#outsiders.clear();
	}

	/** What is missing now. @param declined addresses that a person said are not the camera */
	diagnose(sightings: Sightings, wanted: CameraFilter, declined: ReadonlySet<string>): Diagnosis {
		const fault = this.#health?.fault;
		if (fault !== undefined) return fault;
		const sign = diagnose(sightings, wanted, declined);
		const outside = this.#outsideWords();
		if (outside !== undefined && sign === 'nothingHeard') return { hint: 'outside', words: outside };
		const hint = sign === 'nothingHeard' && this.#hadSession ? 'notBack' : sign;
		const words = hint === 'onlyOther' ? onlyOtherWords(sightings, wanted) : HINTS[hint];
		if (this.#health?.tested === true && sign === 'nothingHeard') return { hint, words: `${words} ${TESTED}` };
		return { hint, words: outside === undefined || hint === 'readNotChosen' ? words : `${words} ${outside}` };
	}

	#outsideWords(): string | undefined {
		const { addresses } = this.#outsiders;
		if (this.#announced === undefined || addresses.length === 0) return undefined;
		return outsideWords(addresses, this.#announced, this.#networks.list());
	}
}
