/** Finds smartphones by their announcements and answers, and fetches and judges their descriptions. */

import { type Header, readLocation, readUsn } from '#protocol/ssdp/header.ts';
import { fetchDescription } from '#protocol/upnp/fetch.ts';
import type { SimulatorEmit } from '../../events.ts';
import { passage } from '../../faults/datagrams.ts';
import type { FaultPlan } from '../../faults/plan.ts';
import { judgePhone } from './description.ts';
import type { Phone } from './state.ts';
import { PHONE_SERVICE } from './vocabulary.ts';

/** How many descriptions are fetched at the same time. */
const MOST_FETCHES = 4;
/** How many refusals are reported. */
const MOST_REPORTED = 1000;

/** Judges a phone's announcement or answer; `undefined` if the message is about something else. `camera` is the camera's own address. */
export function judgeAnnouncement({ first, field }: Header, camera: string): { uuid: string; location: URL } | { why: string } | undefined {
	const notify = first === 'NOTIFY * HTTP/1.1';
	if (!notify && !/^HTTP\/1\.[01] 200(?: |$)/.test(first)) return undefined;
	if (field(notify ? 'nt' : 'st') !== PHONE_SERVICE) return undefined;
	if (notify && field('nts') !== 'ssdp:alive') return undefined;
	const usn = readUsn(field('usn'));
	if (usn === undefined) return { why: 'its USN has no UUID' };
	if (usn.target !== PHONE_SERVICE) return { why: `its USN does not end with ::${PHONE_SERVICE}` };
	const location = readLocation(field('location'), camera);
	return location instanceof URL ? { uuid: usn.uuid, location } : location;
}

export interface PhonesOptions {
	/** The camera's own address. */
	address: string;
	emit: SimulatorEmit;
	faults?: FaultPlan | undefined;
	found(phone: Phone): void;
	signal: AbortSignal;
}

/** Returns a function that takes every message from the group. */
export function phoneFinder({ address, emit, faults, found, signal }: PhonesOptions): (message: Header, from: string) => void {
	const inwards = passage(faults, 'in');
	const reported = new Set<string>();
	const settled = new Set<string>();
	const fetching = new Set<string>();
	const tellOnce = (key: string, event: Parameters<SimulatorEmit>[0]): void => {
		if (signal.aborted || reported.has(key) || reported.size >= MOST_REPORTED) return;
		reported.add(key);
		emit(event);
	};
	const look = async (uuid: string, location: URL): Promise<void> => {
		const key = `${uuid} ${location.href}`;
		if (settled.has(key) || fetching.has(key) || fetching.size >= MOST_FETCHES) return;
		fetching.add(key);
		const refused = (why: string): void =>
			tellOnce(`d ${key} ${why}`, { type: 'descriptionRefused', from: location.hostname, location: location.href, why });
		try {
			const verdict = judgePhone(await fetchDescription(location, address, signal), uuid);
			if (signal.aborted) return;
			if ('why' in verdict) return refused(verdict.why);
			settled.add(key);
			found({ uuid, name: verdict.name, address: location.hostname, actions: new URL(verdict.actionsPath, location) });
		} catch (error) {
			if (!signal.aborted) refused(`fetching it failed: ${(error as Error).message}`);
		} finally {
			fetching.delete(key);
		}
	};
	return (message, from) => {
		const announced = judgeAnnouncement(message, address);
		if (announced === undefined) return;
		inwards('an announcement of a smartphone', () => {
			if ('why' in announced) tellOnce(`a ${from} ${announced.why}`, { type: 'answerRefused', from, why: announced.why });
			else void look(announced.uuid, announced.location);
		});
	};
}
