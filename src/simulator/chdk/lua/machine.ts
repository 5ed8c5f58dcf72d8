/** Runs scripts in a worker thread, so that no script can block the program, and each can be ended at once. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { CameraCalls, RunningScript, ScriptEnd, ScriptMachine } from '../machine.ts';
import type { FromThread, ThreadData, ToThread } from './calls.ts';
import { source as workerSource } from './worker.ts?bundled';

/** Heap limit of the thread in MiB. It is far above what `memory-limit.ts` allows a script, because reaching V8's own limit would end the whole program. */
const HEAP_LIMIT_MIB = 1024;

/** Stack limit, enough for about 20000 nested calls, the limit of Lua 5.1 (LUAI_MAXCALLS). */
const MOST_STACK_SLOTS = 100_000;

/** What scripts see of the camera. */
export interface LuaMachineOptions {
	/** The folder that is the card `A/`. */
	root: string;
	/** What `get_buildinfo` returns. */
	buildInfo: Readonly<Record<string, string | number>>;
}

/** A script machine that uses fengari in a worker thread. */
export class LuaMachine implements ScriptMachine {
	readonly #options: LuaMachineOptions;
	#thread: Thread | undefined;

	constructor(options: LuaMachineOptions) {
		this.#options = options;
	}

	async start(source: Uint8Array, calls: CameraCalls): Promise<RunningScript | { compileError: string }> {
		if (this.#thread?.gone !== false) this.#thread = new Thread(this.#options);
		const thread = this.#thread;
		const { compiled, ended } = thread.run(source, calls);
		const compileError = await compiled;
		if (compileError !== undefined) return { compileError };
		return {
			ended,
			kill: () => {
				if (thread.idle) return;
				thread.end();
				if (this.#thread === thread) this.#thread = undefined;
			},
		};
	}

	close(): void {
		this.#thread?.end();
		this.#thread = undefined;
	}
}

/** A worker thread. It is kept for the next script if a script ends by itself. */
class Thread {
	readonly #worker: Worker;
	readonly #port: MessagePort;
	readonly #answers = new Int32Array(new SharedArrayBuffer(4));
	#calls: CameraCalls | undefined;
	#compiled: (error: string | undefined) => void = () => {};
	#ended: (end: ScriptEnd) => void = () => {};
	/** No script runs in it. */
	idle = true;
	/** It has ended. */
	gone = false;

	constructor({ root, buildInfo }: LuaMachineOptions) {
		const { port1, port2 } = new MessageChannel();
		this.#port = port1;
		const workerData: ThreadData = { answers: this.#answers, port: port2, root, buildInfo };
		this.#worker = new Worker(workerSource, {
			eval: true,
			workerData,
			transferList: [port2],
			resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MIB },
			stdout: true,
			stderr: true,
			env: { FENGARICONF: JSON.stringify({ LUAI_MAXSTACK: MOST_STACK_SLOTS }) },
			execArgv: [],
		});
		this.#port.on('message', (message: FromThread) => this.#receive(message));
		this.#worker.on('error', (error) => this.#broke(error.message));
		this.#worker.on('exit', () => this.#broke('the script machine ended'));
		// The camera keeps the program running, not its scripts.
		this.#port.unref();
		this.#worker.unref();
	}

	run(source: Uint8Array, calls: CameraCalls): { compiled: Promise<string | undefined>; ended: Promise<ScriptEnd> } {
		this.idle = false;
		this.#calls = calls;
		const compiled = new Promise<string | undefined>((resolve) => {
			this.#compiled = resolve;
		});
		const ended = new Promise<ScriptEnd>((resolve) => {
			this.#ended = resolve;
		});
		this.#send({ type: 'run', source });
		return { compiled, ended };
	}

	#send(message: ToThread): void {
		this.#port.postMessage(message);
	}

	#receive(message: FromThread): void {
		switch (message.type) {
			case 'compiled':
				if (message.error !== undefined) this.idle = true;
				this.#compiled(message.error);
				return;
			case 'ended':
				this.idle = true;
				this.#ended(message.end);
				return;
			case 'call':
				void this.#answer(message);
		}
	}

	async #answer({ name, args }: Extract<FromThread, { type: 'call' }>): Promise<void> {
		const call = this.#calls?.[name] as ((...args: readonly unknown[]) => unknown) | undefined;
		const value = await call?.(...args);
		this.#send({ type: 'answer', value });
		Atomics.add(this.#answers, 0, 1);
		Atomics.notify(this.#answers, 0);
	}

	/** Ends the script with an error because the thread is gone. A script that was being compiled does not compile. */
	#broke(why: string): void {
		this.gone = true;
		this.#compiled(why);
		this.#ended({ returned: [], error: why });
		this.#port.close();
	}

	/** Ends the thread. The script's `ended` never settles then; a script that was being compiled gets a result. */
	end(): void {
		this.gone = true;
		this.#calls = undefined;
		this.#ended = () => {};
		this.#port.close();
		void this.#worker.terminate();
	}
}
