/** The card as phones see it: lists of pictures and movies with id and type, and their bytes in parts. */
import { joinBytes } from '#base/bytes.ts';
import type { Card } from '../../card/card.ts';
import type { CardEntry } from '../../card/object.ts';
import type { WebAnswer } from '../../discovery/web.ts';
import { setDocument } from './result-set.ts';
import { CAMERA_SERVICE, XML_TYPE } from './vocabulary.ts';

/** Most entries in one list, about as many as a G7 X sent. */
const MOST_LISTED = 100;
/** Most bytes of one ObjData answer; the phone asks for the rest with Offset. Assumed. */
const MOST_SENT = 1024 * 1024;
const BOUNDARY = 'canon-wifi-part';

const TYPES: Readonly<Record<string, string>> = { jpg: 'JPG', cr2: 'CR2', mp4: 'MP4', mov: 'MOV' };

/** What this file needs of the card. */
export type PhoneCard = Pick<Card, 'scan' | 'objects' | 'current' | 'readPart'>;

interface Shared {
	object: CardEntry;
	type: string;
}

/** Lists the objects that phones may see, oldest first. */
async function shared(card: PhoneCard): Promise<Shared[]> {
	await card.scan();
	return [...card.objects()].flatMap((object) => {
		const type = TYPES[object.name.slice(object.name.lastIndexOf('.') + 1).toLowerCase()];
		return object.folder || type === undefined ? [] : [{ object, type }];
	});
}

/** Makes an answer with a ResultSet of these values. */
export const result = (...values: (readonly [string, string | number])[]): WebAnswer => ({
	status: 200,
	headers: { 'Content-Type': XML_TYPE },
	body: setDocument(
		'ResultSet',
		CAMERA_SERVICE,
		values.map(([name, value]) => [name, String(value)]),
	),
});

/** Answers ObjIDList or, with `grouped`, GroupedObjIDList. StartIndex counts from 1. */
export async function listObjects(card: PhoneCard, query: URLSearchParams, grouped: boolean): Promise<WebAnswer> {
	const start = Number(query.get('StartIndex'));
	const most = Number(query.get('MaxNum'));
	if (!(Number.isInteger(start) && start >= 1 && Number.isInteger(most) && most >= 1)) return { status: 400 };
	const wanted = query.get('ObjType') ?? 'ALL';
	const all = (await shared(card)).filter(({ type }) => wanted === 'ALL' || type === wanted);
	const page = all.slice(start - 1, start - 1 + Math.min(most, MOST_LISTED));
	return result(
		['TotalNum', all.length],
		['ListCount', page.length],
		...page.flatMap(({ object, type }, index) => {
			const n = index + 1;
			const entry: [string, string | number][] = [
				[`ObjIDList-${n}`, object.handle],
				[`ObjTypeList-${n}`, type],
			];
			return grouped ? [...entry, [`GroupedNumList-${n}`, 0] as [string, number]] : entry;
		}),
	);
}

async function asked(card: PhoneCard, query: URLSearchParams): Promise<CardEntry | undefined> {
	const [id, type] = [query.get('ObjID'), query.get('ObjType')];
	const found = (await shared(card)).find((one) => String(one.object.handle) === id && one.type === type);
	return found === undefined ? undefined : card.current(found.object.handle); // with its size
}

/** Answers ObjProperty, the size of an object. */
export async function objectProperty(card: PhoneCard, query: URLSearchParams): Promise<WebAnswer> {
	const object = await asked(card, query);
	return object === undefined ? { status: 404 } : result(['DataSize', object.size]);
}

/** Answers ObjData with two parts: a ResultSet, and the bytes starting at Offset. ResizeDataSize must be the size of the object, because nothing is resized. */
export async function objectData(card: PhoneCard, query: URLSearchParams): Promise<WebAnswer> {
	const object = await asked(card, query);
	if (object === undefined) return { status: 404 };
	const offset = Number(query.get('Offset') ?? 0);
	if (!Number.isInteger(offset) || offset < 0 || offset > object.size || Number(query.get('ResizeDataSize')) !== object.size)
		return { status: 400 };
	const bytes = await card.readPart(object, offset, Math.min(MOST_SENT, object.size - offset));
	const text = new TextEncoder();
	const about = setDocument('ResultSet', CAMERA_SERVICE, [['DataSize', String(object.size)]]);
	return {
		status: 200,
		headers: { 'Content-Type': `multipart/related; boundary=${BOUNDARY}` },
		body: joinBytes([
			text.encode(`--${BOUNDARY}\r\nContent-Type: ${XML_TYPE}\r\n\r\n${about}\r\n`),
			text.encode(`--${BOUNDARY}\r\nContent-Type: application/octet-stream\r\n\r\n`),
			bytes,
			text.encode(`\r\n--${BOUNDARY}--\r\n`),
		]),
	};
}
