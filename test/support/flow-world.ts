/** A small world for flows: ports that remember what was done to them, and a clock that is turned by hand. */

import type { Clock } from '#base/clock.ts';
import type { Event } from '#contract/events.ts';
import { computerFlow } from '#discovery/computer/computer-flow.ts';
import type { Heard } from '#discovery/computer/rules/hearing.ts';
import type { DiscoveryRequest } from '#discovery/flow.ts';
import type { DescriptionOptions, OtherHolders, ResponderOptions, Search } from '#discovery/ports.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Client, Job, SessionEnd } from '#session/client.ts';
import { type AttemptEnd, attempted } from './attempt.ts';

export const wlan: NetworkInterface = { name: 'wlan0', address: '192.168.1.20', prefix: 24, mac: '00:00:00:00:00:01', kind: 'wifi' };

/** Time that only moves when `advance` is called. */
export function handClock(): Clock & { advance(ms: number): Promise<void> } {
	let now = 0;
	const sleeping = new Set<{ at: number; wake: () => void }>();
	const settle = async () => {
		for (let i = 0; i < 50; i++) await Promise.resolve();
	};
	return {
		now: () => now,
		date: () => new Date(1_700_000_000_000 + now),
		sleep: (ms, signal) =>
			new Promise((resolve) => {
				if (ms <= 0 || signal?.aborted === true) return resolve();
				const sleeper = { at: now + ms, wake: done };
				function done() {
					sleeping.delete(sleeper);
					signal?.removeEventListener('abort', done);
					resolve();
				}
				sleeping.add(sleeper);
				signal?.addEventListener('abort', done, { once: true });
			}),
		async advance(ms) {
			const until = now + ms;
			await settle();
			for (;;) {
				const next = [...sleeping].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
				if (next === undefined) break;
				now = next.at;
				next.wake();
				await settle();
			}
			now = until;
			await settle();
		},
	};
}

/** A client whose attempts end as the script says, one after the other; the last entry is repeated. */
export function scriptedClient(script: readonly (AttemptEnd | Error)[]): Client & { jobs: Job[] } {
	const jobs: Job[] = [];
	return {
		tool: 'builtin',
		path: null,
		version: '1',
		jobs,
		describe: (job) => `builtin ${job.address}`,
		wantsTerminal: () => false,
		connect: async (job) => {
			const end = script[Math.min(jobs.length, script.length - 1)];
			jobs.push(job);
			if (end instanceof Error || end === undefined) throw end ?? new Error('empty script');
			return attempted(end);
		},
	};
}

export const session: { outcome: 'session' } & SessionEnd = {
	outcome: 'session',
	exitCode: 0,
	signal: null,
	learnt: { model: 'Canon PowerShot TEST', serial: '1', firmware: '1.0', chdk: false, os: null },
};

export function world() {
	const events: Event[] = [];
	const opened: string[] = [];
	const clock = handClock();
	const state = {
		networks: [wlan] as NetworkInterface[],
		macs: new Map<string, string>(),
		responder: undefined as { options: ResponderOptions; search(search: Search): void; failed(why: string): void } | undefined,
		description: undefined as { options: DescriptionOptions; read(from: string, userAgent: string | null): void } | undefined,
		responderError: undefined as Error | undefined,
		descriptionPort: 8043,
		/** What becomes of a test search. */
		heard: (): Heard => ({ sendRefused: null, group: true, alone: true }),
		probed: 0,
		renewed: 0,
		renewError: undefined as Error | undefined,
		/** Names other programs that have the port. */
		holders: (async () => []) as OtherHolders,
		/** Other canon-wifis, and where they were looked for. */
		others: { processes: [] as number[] | Error, looked: [] as string[] },
	};
	const responder = {
		open: async (options: ResponderOptions, on: { search(search: Search): void; failed(why: string): void }) => {
			if (state.responderError !== undefined) throw state.responderError;
			opened.push(`responder ${options.network.address}`);
			state.responder = { options, ...on };
			return {
				close: async () => {
					opened.push('responder closed');
					state.responder = undefined;
				},
				renew: async () => {
					if (state.renewError !== undefined) throw state.renewError;
					state.renewed++;
				},
				probe: async () => {
					state.probed++;
					return state.heard();
				},
			};
		},
	};
	const descriptionServer = {
		open: async (options: DescriptionOptions, on: { read(from: string, userAgent: string | null): void }) => {
			opened.push(`description ${options.bind}`);
			state.description = { options, ...on };
			return {
				port: state.descriptionPort,
				close: async () => {
					opened.push('description closed');
					state.description = undefined;
				},
			};
		},
	};
	const computer = computerFlow({
		responder,
		descriptionServer,
		clock,
		holders: (port) => state.holders(port),
		others: async ({ address, port }) => {
			state.others.looked.push(`${address}:${port}`);
			if (state.others.processes instanceof Error) throw state.others.processes;
			return state.others.processes;
		},
	});
	const ports = {
		clock,
		networks: { list: () => state.networks, macOf: async (address: string) => state.macs.get(address) },
		flows: [computer],
		choose: async (candidates: readonly { address: string }[]) => candidates[0]?.address ?? '',
	};
	return {
		events,
		opened,
		clock,
		state,
		ports,
		emit: (event: Event) => void events.push(event),
		types: () => events.map(({ type }) => type),
		/** A camera at this address searches and reads the description. */
		cameraAppears: (from: string) => {
			state.responder?.search({ from, port: 50_000, target: 'upnp:rootdevice' });
			state.description?.read(from, null);
		},
	};
}

export const discovery: DiscoveryRequest = {
	network: wlan,
	identity: { uuid: '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', name: null, created: '2026-01-01T00:00:00Z' },
	name: 'studio',
	ssdpPort: 1900,
	description: { port: 8043, mayMove: true, path: 'desc.xml', serve: true },
	maxAge: 900,
	bindAll: false,
	answerOwn: false,
};
