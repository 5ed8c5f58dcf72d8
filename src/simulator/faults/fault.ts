/** What can go wrong on request: each fault with the text that asks for it. */

/** A fault that has been asked for, with all its numbers settled. */
export type Fault =
	/** Once this many bytes went to the initiator on the command connection. */
	| { kind: 'drop-after' | 'reset-after' | 'freeze-after'; bytes: number }
	/** In place of the answer to this operation, counted from 1 on each connection. */
	| { kind: 'drop-at' | 'freeze-at' | 'bad-length' | 'bad-transaction'; operation: number }
	| { kind: 'refuse'; operation: number; code: number }
	/** To initiators whom the port would take; `times` of them, or all. */
	| { kind: 'init-fail'; reason: number; times: number }
	/** Of files of at least so many bytes the size is said to be 0; what is asked for comes all the same. */
	| { kind: 'zero-size'; from: number }
	/** Of what an operation says of a folder's objects. */
	| { kind: 'listing'; code: number; how: ListingFault }
	/** Of the camera's datagrams and of those to it, so many in a hundred. */
	| { kind: 'lose' | 'duplicate' | 'reorder'; percent: number };

/** `refuse`: Operation Not Supported. `empty`: no objects. `short`: every third is missing. `wrong`: wrong sizes. `torn`: ends in the middle. `hang`: no answer. */
export const LISTING_FAULTS = ['refuse', 'empty', 'short', 'wrong', 'torn', 'hang'] as const;
export type ListingFault = (typeof LISTING_FAULTS)[number];

export type FaultKind = Fault['kind'];

/** How a fault's value is written. */
export type FaultForm = 'bytes' | 'operation' | 'refusal' | 'initFail' | 'size' | 'listing' | 'percent';

export interface FaultSpec {
	form: FaultForm;
	/** The value in the help. */
	value: string;
	/** What it does, for the help. */
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
