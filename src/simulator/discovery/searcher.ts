/** Searches for computers: multicasts a search each second, judges the answers, and fetches and judges descriptions. */
import type { RemoteInfo } from 'node:dgram';
import { SSDP_GROUP } from '#protocol/ssdp/message.ts';
import { closeUdp, groupSender } from '#protocol/ssdp/sockets.ts';
import { fetchDescription } from '#protocol/upnp/fetch.ts';
import { bindError } from '../bind-error.ts';
import type { SimulatorClock } from '../clock.ts';
import type { SimulatorEmit } from '../events.ts';
import { passage } from '../faults/datagrams.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { Computer } from '../modes/machine.ts';
import type { Activity } from '../modes/mode.ts';
import { judgeDescription } from './description.ts';
import { judgeAnswer, searchMessage } from './search.ts';
import type { Strictness } from './strictness.ts';

/** Milliseconds between two searches. */
export const SEARCH_INTERVAL_MS = 1000;
/** How many descriptions are fetched at the same time. Further answers wait for the next search. */
const MOST_FETCHES = 4;
/** How many refusals are reported in one round. A sender may invent addresses and reasons without end. */
const MOST_REPORTED = 1000;

export interface SearcherOptions {
	/** The camera's own IPv4 address. Searches leave through its interface. */
	address: string;
	/** UDP port of SSDP; 1900 except in tests. */
	ssdpPort: number;
	clock: SimulatorClock;
	emit: SimulatorEmit;
	strictness: Strictness;
	faults?: FaultPlan | undefined;
	/** Whether the camera looks for this UUID, or why not. Only the descriptions of wanted computers are fetched. */
	wants(uuid: string): 'yes' | 'notPaired' | 'notChosen';
	found(computer: Computer): void;
}

/** Opens the socket and searches until it is stopped; after that nothing is reported. Rejects if the address cannot be bound. */
export async function startSearching(options: SearcherOptions): Promise<Activity> {
	const { address, ssdpPort, clock, emit, strictness, faults, wants, found } = options;
	// A search that cannot be sent (no route at the moment) is lost. The next one may work.
	const socket = await groupSender(address).catch((error) => {
		throw bindError(error, { address, what: `${address} (UDP)`, protocol: 'UDP', port: 0 });
	});
	const ending = new AbortController();
	const reported = new Set<string>();
	/** Computers whose description was accepted, by UUID and location, so that each is fetched once per round. */
	const settled = new Set<string>();
	const fetching = new Set<string>();
	let stopTimer = (): void => {};
	const [outwards, inwards] = [passage(faults, 'out'), passage(faults, 'in')];

	const tellOnce = (key: string, event: Parameters<SimulatorEmit>[0]): void => {
		if (ending.signal.aborted || reported.has(key) || reported.size >= MOST_REPORTED) return;
		reported.add(key);
		emit(event);
	};

	const judge = async (bytes: Uint8Array, from: RemoteInfo): Promise<void> => {
		const answer = judgeAnswer(bytes, address);
		if ('why' in answer) return tellOnce(`a ${from.address} ${answer.why}`, { type: 'answerRefused', from: from.address, why: answer.why });
		const { uuid, location } = answer;
		const wanted = wants(uuid);
		if (wanted !== 'yes') return tellOnce(`i ${from.address} ${uuid}`, { type: 'answerIgnored', from: from.address, uuid, why: wanted });
		const key = `${uuid} ${location.href}`;
		if (settled.has(key) || fetching.has(key) || fetching.size >= MOST_FETCHES) return;
		fetching.add(key);
		try {
			const verdict = judgeDescription(await fetchDescription(location, address, ending.signal), uuid, strictness);
			if (ending.signal.aborted) return;
			if ('why' in verdict) return refused(from.address, location.href, verdict.why);
			settled.add(key);
			found({ uuid, name: verdict.name, address: from.address });
		} catch (error) {
			if (!ending.signal.aborted) refused(from.address, location.href, `fetching it failed: ${(error as Error).message}`);
		} finally {
			fetching.delete(key);
		}
	};
	const refused = (from: string, location: string, why: string): void =>
		tellOnce(`d ${location} ${why}`, { type: 'descriptionRefused', from, location, why });

	const search = (): void => {
		outwards('a search', () => socket.send(searchMessage(ssdpPort), ssdpPort, SSDP_GROUP, () => {}));
		stopTimer = clock.after(SEARCH_INTERVAL_MS, search);
	};

	socket.on('message', (bytes: Uint8Array, from: RemoteInfo) => inwards('an answer', () => void judge(bytes, from)));
	emit({ type: 'searching', from: address, port: socket.address().port });
	search();
	return {
		stop: async () => {
			if (ending.signal.aborted) return;
			ending.abort();
			stopTimer();
			await closeUdp(socket);
		},
	};
}
