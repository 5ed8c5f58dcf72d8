/** The faults that can be requested, and how each is written. */

/** A requested fault, with all its numbers chosen. */
export type Fault =
	/** Happens once this many bytes were sent on the command connection. */
	| { kind: 'drop-after' | 'reset-after' | 'freeze-after'; bytes: number }
	/** Happens instead of the answer to this operation, counted from 1 on each connection. */
	| { kind: 'drop-at' | 'freeze-at' | 'bad-length' | 'bad-transaction'; operation: number }
	| { kind: 'refuse'; operation: number; code: number }
	/** Refuses initiators that the port would accept: `times` of them, or all. */
	| { kind: 'init-fail'; reason: number; times: number }
	/** Reports size 0 for files of at least this many bytes. Their data is sent as usual. */
	| { kind: 'zero-size'; from: number }
	/** Lists a folder's objects badly. */
	| { kind: 'listing'; code: number; how: ListingFault }
	/** Affects this percentage of the datagrams from and to the camera. */
	| { kind: 'lose' | 'duplicate' | 'reorder'; percent: number };

/** `refuse`: Operation Not Supported. `empty`: no objects. `short`: every third is missing. `wrong`: wrong sizes. `torn`: ends in the middle. `hang`: no answer. */
export const LISTING_FAULTS = ['refuse', 'empty', 'short', 'wrong', 'torn', 'hang'] as const;
export type ListingFault = (typeof LISTING_FAULTS)[number];

export type FaultKind = Fault['kind'];

/** How a fault's value is written. */
export type FaultForm = 'bytes' | 'operation' | 'refusal' | 'initFail' | 'size' | 'listing' | 'percent';

/** How a fault is written and described in the help. */
export interface FaultSpec {
	form: FaultForm;
	/** Placeholder of the value. */
	value: string;
	/** What the fault does. */
	about: string;
}

/** Every fault that `--fault` knows. */
export const FAULT_SPECS: Readonly<Record<FaultKind, FaultSpec>> = {
	'drop-after': { form: 'bytes', value: 'BYTES', about: 'ends the connection (FIN) after so many bytes sent' },
	'reset-after': { form: 'bytes', value: 'BYTES', about: 'resets it (RST) after so many bytes' },
	'freeze-after': { form: 'bytes', value: 'BYTES', about: 'says nothing more after so many bytes' },
	'drop-at': { form: 'operation', value: 'K', about: 'ends the connection in place of the answer to operation K' },
	'freeze-at': { form: 'operation', value: 'K', about: 'says nothing more from operation K on' },
	refuse: { form: 'refusal', value: 'K:CODE', about: 'answers operation K with a response code such as 0x2002' },
	'bad-length': { form: 'operation', value: 'K', about: 'answers operation K with a packet of an absurd length' },
	'bad-transaction': { form: 'operation', value: 'K', about: "answers operation K with another transaction's id" },
	'init-fail': { form: 'initFail', value: 'REASON[:TIMES]', about: 'refuses initiators with Init Fail' },
	'zero-size': { form: 'size', value: 'BYTES', about: 'says size 0 of files of so many bytes or more' },
	listing: {
		form: 'listing',
		value: 'CODE:HOW',
		about: `lists folders badly by 0x9021, 0x9109 or 0x9805; HOW is ${LISTING_FAULTS.join(', ')}`,
	},
	lose: { form: 'percent', value: 'PERCENT', about: 'loses datagrams: searches, announcements and answers' },
	duplicate: { form: 'percent', value: 'PERCENT', about: 'doubles them' },
	reorder: { form: 'percent', value: 'PERCENT', about: 'holds them back until after the next' },
};
