/** The camera as a UPnP device: it announces itself to the group, answers searches, and says goodbye at the end. */
import type { RemoteInfo } from 'node:dgram';
import { type Group, openGroup } from '#protocol/ssdp/group.ts';
import { type Header, headerText, readHeader } from '#protocol/ssdp/header.ts';
import { SSDP_GROUP } from '#protocol/ssdp/message.ts';
import { bindError } from '../bind-error.ts';
import type { SimulatorClock } from '../clock.ts';
import type { SimulatorEmit } from '../events.ts';
import { passage } from '../faults/datagrams.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Activity } from '../modes/mode.ts';

/** Milliseconds between two rounds of announcements. Assumed; the announcements' `max-age` is 1800 s. */
export const ANNOUNCE_INTERVAL_MS = 3000;

export interface AnnouncerOptions {
	address: string;
	ssdpPort: number;
	clock: SimulatorClock;
	emit: SimulatorEmit;
	/** The camera's UDN, with the prefix `uuid:`. */
	udn: string;
	location: string;
	server: string;
	/** Device and service types, which are announced as NT and answered as ST. */
	types: readonly string[];
	faults?: FaultPlan | undefined;
	/** Called for every message that is not a search. */
	heard?: ((message: Header, from: string) => void) | undefined;
	/** Searches that are multicast with every round of announcements. */
	searches?: readonly string[] | undefined;
}

/** Begins announcing at once. Rejects with `notOurAddress` or `cannotListen` if the SSDP port cannot be opened. */
export async function announce(options: AnnouncerOptions): Promise<Activity> {
	const { address, ssdpPort, clock, emit, udn, location, server, types, faults, searches = [] } = options;
	const [outwards, inwards] = [passage(faults, 'out'), passage(faults, 'in')];
	const reported = new Set<string>();
	const usn = (type: string): string => (type === udn ? udn : `${udn}::${type}`);
	const age = { 'Cache-Control': 'max-age=1800' };

	const group: Group = await openGroup(address, ssdpPort, (text, from) => {
		const header = readHeader(text);
		if ('why' in header) return;
		if (!/^M-SEARCH \* HTTP\/1\.1$/.test(header.first)) return options.heard?.(header, from.address);
		const target = header.field('st');
		const asked = types.filter((type) => target === type || target === 'ssdp:all');
		if (asked.length > 0) inwards('a search', () => answer(asked, target ?? '', from));
	}).catch((error) => {
		throw bindError(error, { address, what: `UDP port ${ssdpPort}`, protocol: 'UDP', port: ssdpPort });
	});

	const answer = (asked: readonly string[], target: string, from: RemoteInfo): void => {
		for (const type of asked) {
			const text = headerText('HTTP/1.1 200 OK', { ...age, EXT: '', Location: location, Server: server, ST: type, USN: usn(type) });
			outwards('an answer', () => group.reply(text, from));
		}
		if (reported.size < 1000 && !reported.has(from.address)) {
			reported.add(from.address);
			emit({ type: 'searchAnswered', from: from.address, target });
		}
	};

	/** Resolves when all messages have been sent. */
	const multicast = async (what: string, texts: readonly string[]): Promise<void> => {
		const leaving: Promise<void>[] = [];
		for (const text of texts) outwards(what, () => void leaving.push(group.multicast(text)));
		await Promise.all(leaving);
	};
	const notify = (nts: 'ssdp:alive' | 'ssdp:byebye') =>
		multicast(
			nts === 'ssdp:alive' ? 'an announcement' : 'a goodbye',
			types.map((type) => {
				const alive = nts === 'ssdp:alive' ? { ...age, Location: location } : {};
				const who = nts === 'ssdp:alive' ? { Server: server } : {};
				const host = { Host: `${SSDP_GROUP}:${ssdpPort}` };
				return headerText('NOTIFY * HTTP/1.1', { ...host, ...alive, NT: type, NTS: nts, ...who, USN: usn(type) });
			}),
		);
	let stopTimer = (): void => {};
	const round = (): void => {
		void notify('ssdp:alive');
		void multicast('a search', searches);
		stopTimer = clock.after(ANNOUNCE_INTERVAL_MS, round);
	};
	emit({ type: 'announcing', location });
	round();
	let stopping: Promise<void> | undefined;
	const stop = async (): Promise<void> => {
		stopTimer();
		await notify('ssdp:byebye');
		await group.close();
	};
	return {
		stop: () => {
			stopping ??= stop();
			return stopping;
		},
	};
}
