/** Parses the text of a fault: `drop-after=100000`, `refuse=3:0x2019`, `freeze-after=1000..50000`. */

import { CodedError } from '#base/errors.ts';
import { nearest } from '#base/suggest.ts';
import { printable } from '#base/text.ts';
import { FAULT_SPECS, type Fault, type FaultForm, type FaultKind, LISTING_FAULTS } from './fault.ts';
import type { Chance } from './random.ts';

/** Parses a fault. Throws `usage` if it is wrong. For a range `A..B`, `chance` picks the number. */
export function parseFault(text: string, chance: Chance): Fault {
	const equals = text.indexOf('=');
	const kind = equals < 0 ? text : text.slice(0, equals);
	if (!isKind(kind)) {
		const meant = nearest(kind, Object.keys(FAULT_SPECS));
		throw wrong(`There is no fault "${printable(kind)}"`, `Faults are ${Object.keys(FAULT_SPECS).join(', ')}.`, meant);
	}
	const { form, value } = FAULT_SPECS[kind];
	const settled = equals < 0 ? undefined : readers[form](kind, text.slice(equals + 1), chance);
	if (settled === undefined) throw wrong(`"${printable(text)}" is no fault`, `Write ${kind}=${value}.`);
	return settled;
}

function isKind(text: string): text is FaultKind {
	return Object.hasOwn(FAULT_SPECS, text);
}

function wrong(problem: string, next: string, meant?: string): CodedError {
	return new CodedError('usage', { problem: `${problem}.`, next: meant === undefined ? next : `Did you mean ${meant}? ${next}` });
}

type FaultReader = (kind: FaultKind, text: string, chance: Chance) => Fault | undefined;

const readers: Readonly<Record<FaultForm, FaultReader>> = {
	bytes(kind, text, chance) {
		const bytes = number(text, 0, Number.MAX_SAFE_INTEGER, chance);
		return bytes === undefined ? undefined : ({ kind, bytes } as Fault);
	},
	operation(kind, text, chance) {
		const operation = number(text, 1, Number.MAX_SAFE_INTEGER, chance);
		return operation === undefined ? undefined : ({ kind, operation } as Fault);
	},
	refusal(_kind, text, chance) {
		const [at = '', response = '', ...more] = text.split(':');
		const operation = number(at, 1, Number.MAX_SAFE_INTEGER, chance);
		const code = /^0x[0-9a-f]{4}$/i.test(response) ? Number(response) : undefined;
		return operation === undefined || code === undefined || more.length > 0 ? undefined : { kind: 'refuse', operation, code };
	},
	initFail(_kind, text, chance) {
		const [why = '', often, ...more] = text.split(':');
		const reason = number(why, 0, 0xffff_ffff, chance);
		const times = often === undefined ? Number.POSITIVE_INFINITY : number(often, 1, Number.MAX_SAFE_INTEGER, chance);
		return reason === undefined || times === undefined || more.length > 0 ? undefined : { kind: 'init-fail', reason, times };
	},
	size(_kind, text, chance) {
		const from = number(text, 0, Number.MAX_SAFE_INTEGER, chance);
		return from === undefined ? undefined : { kind: 'zero-size', from };
	},
	listing(_kind, text) {
		const [, code, word] = /^(?:0x)?(9021|9109|9805):([a-z]+)$/i.exec(text) ?? [];
		const how = LISTING_FAULTS.find((one) => one === word);
		return code === undefined || how === undefined ? undefined : { kind: 'listing', code: Number.parseInt(code, 16), how };
	},
	percent(kind, text, chance) {
		const percent = number(text, 0, 100, chance);
		return percent === undefined ? undefined : ({ kind, percent } as Fault);
	},
};

/** Reads a decimal number, or picks one from `A..B`; `undefined` if it is not between `least` and `most`. */
function number(text: string, least: number, most: number, chance: Chance): number | undefined {
	const found = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(text);
	if (found === null) return undefined;
	const [from, to] = [Number(found[1]), Number(found[2] ?? found[1])];
	if (from < least || to > most || from > to) return undefined;
	return found[2] === undefined ? from : from + Math.floor(chance() * (to - from + 1));
}
