/** What a tool says, made into events and into the end of an attempt. No process, no clock: lines in, events out. */
import type { CameraInfo, Emit } from '#contract/events.ts';
import type { Finished, Job, Refused } from '#session/client.ts';
import type { Activity } from '../rules/silence.ts';
import type { Exit, Observation, OutputLine, Tool, ToolPaths } from '../tool.ts';

const nothing: CameraInfo = { model: null, serial: null, firmware: null, chdk: null, os: null };

/** Called at once, and each but the last at most once. */
export interface ToolHandlers {
	/** The camera granted a session. */
	connected(): void;
	/** The attempt has failed: the tool has no more to do. */
	failed(): void;
	/** The session is over: the tool is to end soon. */
	lost(): void;
	/** The tool has said what it is about; as often as it likes. */
	activity(is: Activity): void;
}

/** Reads the output of one attempt. */
export class OutputParser<S> {
	readonly #tool: Tool<S>;
	readonly #job: Job;
	readonly #emit: Emit;
	readonly #handlers: ToolHandlers;
	#state: S;
	#learnt: CameraInfo = nothing;
	#connected = false;
	#refusal: Extract<Observation, { saw: 'refusal' }> | undefined;
	#error: Error | undefined;
	#lost: string | undefined;
	#stopping = false;

	constructor(tool: Tool<S>, job: Job, paths: ToolPaths, emit: Emit, handlers: ToolHandlers) {
		this.#tool = tool;
		this.#job = job;
		this.#emit = emit;
		this.#handlers = handlers;
		this.#state = tool.start(job, paths);
	}

	/** What is known of the camera. */
	get learnt(): CameraInfo {
		return this.#learnt;
	}

	get connected(): boolean {
		return this.#connected;
	}

	/** The attempt has failed, and why is known. */
	get failed(): boolean {
		return this.#refusal !== undefined || this.#error !== undefined;
	}

	/** The tool has been asked to end: what breaks from now on is no loss. */
	stopping(): void {
		this.#stopping = true;
	}

	hear(line: OutputLine): void {
		const [state, ...observations] = this.#tool.read(this.#state, line);
		this.#state = state;
		for (const observation of observations) this.#take(observation);
	}

	/** How it ended: whether there was a session, `connected` tells. Throws what no further attempt can cure. */
	end(exit: Exit): Refused | Finished {
		if (!this.failed) for (const observation of this.#tool.end(this.#state, exit)) this.#take(observation);
		if (this.#error !== undefined) throw this.#error;
		if (this.#refusal !== undefined) {
			const { outcome, said } = this.#refusal;
			return { outcome, said };
		}
		const { code, signal } = exit;
		return { outcome: 'finished', end: { exitCode: code, signal, learnt: this.#learnt, lost: this.#lost } };
	}

	#take(observation: Observation): void {
		const tool = this.#tool.id;
		switch (observation.saw) {
			case 'learnt':
				this.#learnt = { ...this.#learnt, ...observation.learnt };
				return;
			case 'connected':
				if (this.#connected || this.failed) return;
				this.#connected = true;
				this.#handlers.connected();
				return;
			case 'keepalive':
				this.#emit({ type: 'keepalive', tool, operation: observation.operation });
				return;
			case 'unlock': {
				const { saw: _, ...unlock } = observation;
				this.#emit({ type: 'unlock', tool, ...unlock });
				return;
			}
			case 'warning':
				this.#emit(observation.warning);
				return;
			case 'activity':
				this.#handlers.activity(observation.activity);
				return;
			case 'lost':
				this.#lose(observation.why);
				return;
			case 'refusal':
				if (this.#connected) this.#lose(observation.said);
				else this.#fail(() => (this.#refusal = observation));
				return;
			case 'error':
				this.#fail(() => (this.#error = observation.error));
				return;
			default:
				observation satisfies never;
		}
	}

	#fail(note: () => void): void {
		if (this.failed) return;
		note();
		this.#handlers.failed();
	}

	#lose(why: string): void {
		if (this.#lost !== undefined || this.#stopping) return;
		this.#lost = why;
		this.#emit({ type: 'lost', address: this.#job.address, why });
		this.#handlers.lost();
	}
}
