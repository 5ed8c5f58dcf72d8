/** The software camera's PTP-IP side without its discovery: a port on 127.0.0.1 that takes one session. */
import type { Clock } from '#base/clock.ts';
import { Card } from '#simulator/card/card.ts';
import { openCard } from '#simulator/card/open.ts';
import { realClock } from '#simulator/clock.ts';
import type { SimulatorEvent } from '#simulator/events.ts';
import { parseFault } from '#simulator/faults/parse.ts';
import { FaultPlan } from '#simulator/faults/plan.ts';
import { elph340hs } from '#simulator/models/elph340hs.ts';
import type { CameraModel } from '#simulator/models/model.ts';
import { PowerCycle } from '#simulator/power-cycle.ts';
import { PtpipResponder } from '#simulator/ptpip/responder.ts';

export interface TestCamera {
	port: number;
	events: SimulatorEvent[];
	levents: number[];
	/** How often the step into PTP mode was asked for. */
	ptpModes(): number;
	/** Why the round ended, once it has. */
	lost(): string | undefined;
	hangUp(): void;
	[Symbol.asyncDispose](): Promise<void>;
}

export async function softwareCamera(
	options: {
		media?: string;
		chdk?: boolean;
		os?: 'dryos' | 'vxworks';
		model?: Partial<CameraModel>;
		/** As `--fault` has them. */
		faults?: readonly string[];
		/** It leaves when nothing is asked of it for so long, by this clock. */
		idle?: { clock: Clock; limitMs: number };
	} = {},
): Promise<TestCamera> {
	const model: CameraModel = { ...elph340hs, ...options.model };
	const opened = await openCard(options.media, model);
	const events: SimulatorEvent[] = [];
	const levents: number[] = [];
	let ptpModes = 0;
	let askedAt: number | undefined;
	let lost: string | undefined;
	const emit = (event: SimulatorEvent) => void events.push(event);
	const cycle = new PowerCycle({
		model,
		os: options.os ?? 'dryos',
		chdk: options.chdk === false ? undefined : model.chdk,
		card: new Card(opened.root),
		clock: realClock,
		emit,
		sessionOpened: () => {},
		operationBegun: () => {
			askedAt = options.idle?.clock.now();
		},
		ptpModeAsked: () => void ptpModes++,
		levent: (number) => void levents.push(number),
		powerDown: () => {},
		faults: new FaultPlan(
			(options.faults ?? []).map((fault) => parseFault(fault, () => 0)),
			1,
			() => {},
		),
	});
	const responder = new PtpipResponder({
		address: '127.0.0.1',
		port: 0,
		guid: new Uint8Array(16),
		name: model.model,
		clock: realClock,
		emit,
		admit: () => Promise.resolve('accept' as const),
		ready: (command, event) => void cycle.serve(command, event),
		lost: (why) => {
			lost ??= why;
		},
	});
	await responder.switchTo('accepting');
	const over = new AbortController();
	const { idle } = options;
	const watching =
		idle &&
		leaveWhenIdle(
			idle,
			() => askedAt,
			over.signal,
			() => {
				lost ??= 'idle for too long';
				responder.hangUp();
			},
		);
	return {
		port: responder.port,
		events,
		levents,
		ptpModes: () => ptpModes,
		lost: () => lost,
		hangUp: () => responder.hangUp(),
		async [Symbol.asyncDispose]() {
			over.abort();
			await watching;
			cycle.switchOff();
			await responder.switchTo('closed');
			await opened.close();
		},
	};
}

/** From the first operation on. */
async function leaveWhenIdle(
	{ clock, limitMs }: { clock: Clock; limitMs: number },
	askedAt: () => number | undefined,
	signal: AbortSignal,
	leave: () => void,
): Promise<void> {
	while (!signal.aborted) {
		const quietMs = clock.now() - (askedAt() ?? clock.now());
		if (quietMs >= limitMs) return leave();
		await clock.sleep(limitMs - quietMs, signal);
	}
}
