/**
 * Pairing that keeps the camera: our own session from SET on, shared on this computer. The tool proves itself through it, and then
 * the camera is there for whatever the person wants, until they leave. Nobody walks through its menu twice.
 */
import type { Open } from '#base/clock.ts';
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import type { CameraInfo, Emit, Event } from '#contract/events.ts';
import type { HoldStatus } from '#contract/hold-status.ts';
import type { Profile } from '#contract/profile.ts';
import { warning } from '#contract/warnings.ts';
import type { DetectedCamera } from '#discovery/detected-camera.ts';
import { hold } from '#hold/holding.ts';
import type { CameraProxies, CameraProxy } from '#hold/ports.ts';
import { connectViaHold } from '#hold/via-hold.ts';
import type { Client, Job, SessionEnd } from '#session/client.ts';
import type { Context } from '../shared/context.ts';
import { warnStillWaiting } from '../shared/profile-lookup.ts';
import { choosing } from '../shared/questions.ts';
import type { PairQuestions } from './ask.ts';
import type { AfterPairing } from './flags.ts';
import type { PairRequest } from './request.ts';

/** How long a client tries to connect to our own session, in milliseconds. */
const CONNECT_MS = 15_000;

export interface KeepContext
	extends Pick<Context, 'emit' | 'prompt' | 'out' | 'json' | 'terminal' | 'signal' | 'clock' | 'networks' | 'flows' | 'tools' | 'holds'> {
	proxies: CameraProxies;
	pid: number;
}

/** What `keepCamera` calls on the way. */
export interface KeepSteps {
	/** The camera was found, and waits for SET. */
	found(camera: DetectedCamera): void;
	/** The camera granted a session: saves it at once where that needs no question. */
	connected(camera: DetectedCamera, info: CameraInfo): Profile | undefined;
	/** Saves it where that needed a question. */
	save(camera: DetectedCamera, info: CameraInfo): Promise<Profile>;
}

/** What came of it. */
export interface Kept {
	profile: Profile;
	/** 0; else that of a tool that could not use the camera, or of what `--then` asked for. */
	exitCode: number;
}

/** The person has left the camera. */
class Left extends Error {
	readonly kept: Kept;
	constructor(kept: Kept) {
		super('the camera is left');
		this.kept = kept;
	}
}

/** Holds the camera until the person leaves it. Throws as `hold`, and what `steps.save` and the tools throw. */
export async function keepCamera(
	request: PairRequest & { client: Client; keep: NonNullable<PairRequest['keep']> },
	ask: PairQuestions | undefined,
	context: KeepContext,
	emit: Emit,
	steps: KeepSteps,
): Promise<Kept> {
	const { discovery, wanted, limitMs, hintAfterMs, job, keep } = request;
	const ending = new AbortController();
	const leaving = new AbortController();
	// What uses the camera ends first, so that it does not lose the camera under its hands.
	const stop = () => {
		leaving.abort(context.signal.reason);
		if (using === undefined) ending.abort(context.signal.reason);
	};
	const began = context.clock.now();
	let proxy: CameraProxy | undefined;
	let announced: Open | undefined;
	let known: { camera: DetectedCamera; info: CameraInfo; profile: Profile | undefined } | undefined;
	let using: Promise<void> | undefined;
	let sharing: Event | undefined;
	const status = (): HoldStatus => ({
		v: 1,
		pid: context.pid,
		age: Math.round((context.clock.now() - began) / 1000),
		cameras: proxy === undefined ? [] : [{ ...proxy.status(), id: known?.profile?.id ?? null, mac: known?.camera.mac ?? null }],
	});
	const use = async (at: CameraProxy) => {
		const { camera, info, profile } = known as NonNullable<typeof known>;
		const saved = profile ?? (await steps.save(camera, info));
		if (known !== undefined) known.profile = saved;
		const uses = new CameraUses({ request, proxy: at, context, emit, signal: leaving.signal, sharing });
		const proven = await uses.prove();
		const exitCode = await uses.untilLeft(ask, saved.id);
		throw new Left({ profile: saved, exitCode: proven ? exitCode : EXIT.tool });
	};
	try {
		if (context.signal.aborted) stop();
		else context.signal.addEventListener('abort', stop, { once: true });
		return await hold(
			{
				discovery,
				cameras: [{ proxy: keep.proxy, wanted, lastAddress: request.before?.lastAddress ?? null, job: holdJob(job) }],
				limitMs,
				hintAfterMs,
			},
			{ ...context, ...choosing(context.prompt) },
			(event) => {
				// Where the camera is shared is told when it is kept for others.
				if (event.type === 'sharing') sharing = event;
				else emit(event);
			},
			ending.signal,
			{
				onListening: ([opened]) => {
					proxy = opened;
					void context.holds.announce(status).then((one) => {
						announced = one;
						if (ending.signal.aborted) void one.close();
					});
				},
				onCamera: (_index, camera) => {
					if (known === undefined) steps.found(camera);
				},
				onConnected: (_index, camera, info) => {
					known ??= { camera, info, profile: steps.connected(camera, info) };
				},
				onHeld: () => {
					if (using !== undefined || proxy === undefined) return;
					using = use(proxy).catch((error: unknown) => ending.abort(context.signal.aborted ? context.signal.reason : error));
				},
				onStillWaiting: (_index, diagnosis) => warnStillWaiting(context)(diagnosis),
			},
		);
	} catch (error) {
		if (!(error instanceof Left)) throw error;
		return error.kept;
	} finally {
		context.signal.removeEventListener('abort', stop);
		leaving.abort(new Error('the camera is left'));
		ending.abort(new Error('the camera is left'));
		await using;
		await announced?.close();
	}
}

const holdJob = ({ port, identity, name, os, unlock }: Omit<Job, 'address'>) => ({ port, identity, name, os, unlock });

interface CameraUsesOptions {
	request: PairRequest & { client: Client; keep: NonNullable<PairRequest['keep']> };
	proxy: CameraProxy;
	context: KeepContext;
	emit: Emit;
	/** Aborted when the person leaves in the middle. */
	signal: AbortSignal;
	/** Where other programs find the camera. */
	sharing: Event | undefined;
}

/** What is done with a camera while we have it. */
class CameraUses {
	readonly #options: CameraUsesOptions;

	constructor(options: CameraUsesOptions) {
		this.#options = options;
	}

	/** Lets the tool connect once; a tool that cannot is a warning, as the camera is saved. The built-in client is our session itself. */
	async prove(): Promise<boolean> {
		const { request, emit } = this.#options;
		const { client } = request;
		if (client.tool === 'builtin') return true;
		const unproven = (why: string) => {
			emit(warning('toolUnproven', { tool: client.tool, why }));
			return false;
		};
		try {
			const { lost, exitCode } = await this.#run(client, { args: [], purpose: 'learn', talk: 'events' });
			return (lost === undefined && (exitCode ?? 0) === 0) || unproven(lost ?? `it ended with exit code ${exitCode}`);
		} catch (error) {
			if (!(error instanceof CanonWifiError)) throw error;
			return unproven(error.message);
		}
	}

	/** Does what --then says and returns its exit code, or asks "What now?" until the person leaves. */
	async untilLeft(ask: PairQuestions | undefined, id: string): Promise<number> {
		const { request, emit } = this.#options;
		const { after, to } = request.keep;
		if (after !== undefined) return this.#do(after, to ?? (await ask?.folder(id)) ?? id, ask);
		if (ask === undefined) return EXIT.done;
		let folder = to ?? id;
		for (;;) {
			const now = await ask.whatNow(request.client);
			if (now === 'leave') return EXIT.done;
			if (now === 'pull') folder = await ask.folder(folder);
			try {
				await this.#do(now, folder, ask);
			} catch (error) {
				// The camera is still there, or comes back: the person decides what next.
				if (!(error instanceof CanonWifiError)) throw error;
				emit(warning('useFailed', { message: error.message, next: error.next }));
			}
		}
	}

	/** Returns the exit code. Throws `sessionLost`, and what the client throws. */
	async #do(what: AfterPairing, to: string, ask: PairQuestions | undefined): Promise<number> {
		const { request, context, emit, signal, sharing } = this.#options;
		const talk = context.json ? 'events' : 'through';
		switch (what) {
			case 'prompt': {
				await this.#session(request.client, { args: [], talk: context.terminal && !context.json ? 'terminal' : talk });
				return EXIT.done;
			}
			case 'pull': {
				const args = ['get', '--all', '--to', to];
				const { exitCode } = await this.#session(await context.tools.client('builtin'), { args, talk });
				return exitCode ?? EXIT.lost;
			}
			case 'hold':
				if (sharing !== undefined) emit(sharing);
				if (ask === undefined) await context.clock.sleep(2 ** 31 - 1, signal);
				else await ask.untilBack();
				signal.throwIfAborted();
				return EXIT.done;
			case 'leave':
				return EXIT.done;
		}
	}

	async #session(client: Client, how: Pick<Job, 'args' | 'talk'>): Promise<SessionEnd> {
		const end = await this.#run(client, { ...how, purpose: 'session' });
		if (end.lost === undefined) return end;
		throw new CanonWifiError('sessionLost', { address: this.#options.proxy.address, why: end.lost });
	}

	/** One run of a client through our session. */
	#run(client: Client, how: Pick<Job, 'args' | 'purpose' | 'talk'>): Promise<SessionEnd> {
		const { request, proxy, context, emit, signal } = this.#options;
		return connectViaHold(
			{ held: proxy.status(), client, job: { ...request.job, ...how }, limitMs: CONNECT_MS, reconnect: false },
			{ clock: context.clock, status: async () => proxy.status() },
			emit,
			signal,
			() => {},
		);
	}
}
