/**
 * Pairing that keeps the camera: our own session from SET on, shared on this computer. The tool proves itself through it, and then
 * the camera is there for whatever the person wants, until they leave. Nobody walks through its menu twice.
 */
import type { Open } from '#base/clock.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { CameraInfo, Emit, Event } from '#contract/events.ts';
import type { HeldStatus, HoldStatus } from '#contract/hold-status.ts';
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

/** How long the tool has to prove itself, in milliseconds. */
const PROVE_MS = 15_000;

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
	/** The tool could use the camera. */
	proven: boolean;
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
	const stop = () => ending.abort(context.signal.reason);
	if (context.signal.aborted) stop();
	else context.signal.addEventListener('abort', stop, { once: true });
	const began = context.clock.now();
	let proxy: CameraProxy | undefined;
	let announced: Open | undefined;
	let known: { camera: DetectedCamera; info: CameraInfo; profile: Profile | undefined } | undefined;
	let using: Promise<void> | undefined;
	let shared: Event | undefined;
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
		const uses = new CameraUses(request, at, context, emit, ending.signal, () => shared);
		const proven = await uses.prove();
		await uses.untilLeft(ask, saved.id);
		throw new Left({ profile: saved, proven });
	};
	try {
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
				if (event.type === 'sharing') shared = event;
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
		ending.abort(new Error('the camera is left'));
		await using;
		await announced?.close();
	}
}

const holdJob = ({ port, identity, name, os, unlock }: Omit<Job, 'address'>) => ({ port, identity, name, os, unlock });

/** What is done with a camera while we have it. */
class CameraUses {
	readonly #request: PairRequest & { client: Client; keep: NonNullable<PairRequest['keep']> };
	readonly #proxy: CameraProxy;
	readonly #context: KeepContext;
	readonly #emit: Emit;
	readonly #signal: AbortSignal;
	readonly #shared: () => Event | undefined;

	constructor(
		request: PairRequest & { client: Client; keep: NonNullable<PairRequest['keep']> },
		proxy: CameraProxy,
		context: KeepContext,
		emit: Emit,
		signal: AbortSignal,
		shared: () => Event | undefined,
	) {
		this.#request = request;
		this.#proxy = proxy;
		this.#context = context;
		this.#emit = emit;
		this.#signal = signal;
		this.#shared = shared;
	}

	/** Lets the tool connect once; a tool that cannot is a warning, as the camera is saved. The built-in client is our session itself. */
	async prove(): Promise<boolean> {
		const { client } = this.#request;
		if (client.tool === 'builtin') return true;
		try {
			const end = await this.#run(client, { args: [], purpose: 'learn', talk: 'events' }, PROVE_MS);
			if (end.lost === undefined && (end.exitCode ?? 0) === 0) return true;
			this.#emit(warning('toolUnproven', { tool: client.tool, why: end.lost ?? `it ended with exit code ${end.exitCode}` }));
		} catch (error) {
			if (!(error instanceof CanonWifiError)) throw error;
			this.#emit(warning('toolUnproven', { tool: client.tool, why: error.message }));
		}
		return false;
	}

	/** Does what --then says, or asks "What now?" until the person leaves. */
	async untilLeft(ask: PairQuestions | undefined, id: string): Promise<void> {
		const { after, to } = this.#request.keep;
		if (after !== undefined) return this.#do(after, to, ask);
		if (ask === undefined) return;
		let folder = to ?? id;
		for (;;) {
			const now = await ask.whatNow(this.#request.client);
			if (now === 'leave') return;
			if (now === 'pull') folder = await ask.folder(folder);
			await this.#do(now, folder, ask);
		}
	}

	async #do(what: AfterPairing, to: string | undefined, ask: PairQuestions | undefined): Promise<void> {
		const { tools, terminal, json } = this.#context;
		const talk = json ? 'events' : 'through';
		switch (what) {
			case 'prompt':
				await this.#run(this.#request.client, { args: [], purpose: 'session', talk: terminal && !json ? 'terminal' : talk });
				return;
			case 'pull': {
				const args = ['get', '--all', '--to', to ?? (await ask?.folder('photos')) ?? 'photos'];
				await this.#run(await tools.client('builtin'), { args, purpose: 'session', talk });
				return;
			}
			case 'hold': {
				const shared = this.#shared();
				if (shared !== undefined) this.#emit(shared);
				if (ask === undefined) await this.#context.clock.sleep(2 ** 31 - 1, this.#signal);
				else await ask.untilBack();
				this.#signal.throwIfAborted();
				return;
			}
			case 'leave':
				return;
			default:
				what satisfies never;
		}
	}

	/** One run of a client through our session. Its exit code says how it went; a lost camera is reported by our session. */
	#run(client: Client, how: Pick<Job, 'args' | 'purpose' | 'talk'>, limitMs = PROVE_MS): Promise<SessionEnd> {
		const held: HeldStatus = this.#proxy.status();
		return connectViaHold(
			{ held, client, job: { ...this.#request.job, ...how }, limitMs, reconnect: false },
			{ clock: this.#context.clock, status: async () => this.#proxy.status() },
			this.#emit,
			this.#signal,
			() => {},
		);
	}
}
