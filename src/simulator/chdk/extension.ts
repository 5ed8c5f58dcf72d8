/** CHDK on the camera: runs one script at a time, passes messages both ways, and keeps the temporary data of downloads. */
import { EXECUTE, MESSAGE, SCRIPT_ERROR, SCRIPT_STATUS, WRITE_STATUS } from '#protocol/chdk/protocol.ts';
import type { SimulatorClock } from '../clock.ts';
import type { CameraCalls, RunningScript, ScriptEnd, ScriptMachine } from './machine.ts';
import type { Memory } from './memory.ts';
import { errorMessage, type ScriptMessage, valueMessage } from './messages.ts';
import { ScriptQueue } from './script-queue.ts';

/** What CHDK needs from the camera. */
export interface ChdkOptions {
	machine: ScriptMachine;
	memory: Memory;
	/** The folder that is the card `A/`. */
	root: string;
	clock: SimulatorClock;
	/** Resolves to the bytes of the card. */
	space(): Promise<{ capacity: bigint; free: bigint }>;
	/** Posts a logical event to the firmware's user interface. */
	levent(number: number): void;
	shutDown(): void;
	/** Reports what happened to a script that was to be started. */
	reported(id: number, status: 'started' | 'compileError' | 'refused'): void;
}

/** How long the change between playback and shooting takes, in milliseconds. */
const MODE_CHANGE_MS = 300;
/** CHDK's numbers for modes: P in rec mode, and play. */
const MODE = { rec: 0x102, play: 0x200 } as const;

/** CHDK on one camera. */
export class ChdkExtension {
	readonly #options: ChdkOptions;
	readonly #toHost: ScriptQueue<ScriptMessage>;
	readonly #toScript: ScriptQueue<{ target: number; bytes: Uint8Array }>;
	readonly #started: number;
	/** The script that runs or is being compiled. */
	#running: { kill(): void } | undefined;
	#lastId = 0;
	#rec = false;
	#stopSleep = (): void => {};
	#stopModeChange = (): void => {};
	/** The data that TempData stored. */
	temp: Uint8Array | undefined;

	constructor(options: ChdkOptions) {
		this.#options = options;
		this.#toHost = new ScriptQueue(options.clock);
		this.#toScript = new ScriptQueue(options.clock);
		this.#started = options.clock.now();
	}

	get root(): string {
		return this.#options.root;
	}

	/** Id of the latest script; 0 if there was none. */
	get lastId(): number {
		return this.#lastId;
	}

	get memory(): Memory {
		return this.#options.memory;
	}

	/** Starts a script. `flags` are those of `EXECUTE`. A running script is ended first, unless `noKill` forbids it. */
	async execute(source: Uint8Array, flags: number): Promise<{ id: number; status: number }> {
		const { machine, reported } = this.#options;
		if (this.#running !== undefined && (flags & EXECUTE.noKill) !== 0) {
			reported(this.#lastId, 'refused');
			return { id: this.#lastId, status: SCRIPT_ERROR.running };
		}
		this.#kill();
		if ((flags & EXECUTE.flushCameraMessages) !== 0) this.#toHost.clear();
		if ((flags & EXECUTE.flushHostMessages) !== 0) this.#toScript.clear();
		this.#lastId++;
		const id = this.#lastId;
		const compiling = { kill: () => machine.close() };
		this.#running = compiling;
		const started = await machine.start(source, this.#calls(id));
		if ('compileError' in started) {
			if (this.#running === compiling) this.#running = undefined;
			this.#toHost.add(errorMessage(SCRIPT_ERROR.compile, started.compileError, id));
			reported(id, 'compileError');
			return { id, status: SCRIPT_ERROR.compile };
		}
		if (this.#running === compiling) this.#follow(started, id);
		else started.kill();
		reported(id, 'started');
		return { id, status: SCRIPT_ERROR.none };
	}

	#follow(script: RunningScript, id: number): void {
		this.#running = script;
		void script.ended.then((end) => {
			if (this.#running !== script) return; // it was killed, so its result is ignored
			this.#running = undefined;
			this.#tell(end, id);
		});
	}

	/** Queues a script's results. What does not fit into the queue is lost, as on the camera. */
	#tell({ returned, error }: ScriptEnd, id: number): void {
		for (const value of returned) this.#toHost.add(valueMessage(MESSAGE.returned, value, id));
		if (error !== undefined) this.#toHost.add(errorMessage(SCRIPT_ERROR.run, error, id));
	}

	#calls(id: number): CameraCalls {
		const { clock, levent, memory, shutDown, space } = this.#options;
		return {
			levent,
			ticks: () => Math.floor(clock.now() - this.#started),
			time: () => {
				const date = clock.date();
				return Math.floor(date.getTime() / 1000) - date.getTimezoneOffset() * 60;
			},
			sleep: (ms) =>
				new Promise((resolve) => {
					this.#stopSleep = clock.after(ms, resolve);
				}),
			write: (value, timeoutMs) => this.#toHost.addInTime(valueMessage(MESSAGE.user, value, id), timeoutMs),
			read: async (timeoutMs) => (await this.#toScript.takeInTime(({ target }) => target === 0 || target === id, timeoutMs))?.bytes,
			mode: () => ({ rec: this.#rec, video: false, mode: this.#rec ? MODE.rec : MODE.play }),
			switchMode: (rec) => {
				this.#stopModeChange();
				this.#stopModeChange = clock.after(MODE_CHANGE_MS, () => {
					this.#rec = rec;
				});
			},
			peek: (address, size) => memory.peek(address >>> 0, size),
			poke: (address, value, size) => memory.poke(address >>> 0, value, size),
			call: (pointer, args) => memory.call(pointer >>> 0, args) ?? 0,
			space: async () => {
				const { capacity, free } = await space();
				return { size: Number(capacity / 1024n), free: Number(free / 1024n) };
			},
			shutDown,
		};
	}

	/** Bits of `SCRIPT_STATUS`. */
	get status(): number {
		return (this.#running === undefined ? 0 : SCRIPT_STATUS.running) | (this.#toHost.length > 0 ? SCRIPT_STATUS.messages : 0);
	}

	/** Takes the next message for the computer. */
	readMessage(): ScriptMessage | undefined {
		return this.#toHost.take();
	}

	/** Returns the `WRITE_STATUS` for a message to the script, checked in CHDK's order: not running, wrong id, queue full. */
	writeStatus(target: number): number {
		if (this.#running === undefined) return WRITE_STATUS.notRunning;
		if (target !== 0 && target !== this.#lastId) return WRITE_STATUS.badId;
		return this.#toScript.full ? WRITE_STATUS.queueFull : WRITE_STATUS.ok;
	}

	/** Queues a message for the script. What does not fit into the queue is lost. */
	writeMessage(bytes: Uint8Array, target: number): void {
		this.#toScript.add({ target, bytes });
	}

	/** Ends the running script, if there is one. */
	#kill(): void {
		const running = this.#running;
		this.#running = undefined;
		running?.kill();
		this.#stopSleep();
		this.#toHost.giveUp();
		this.#toScript.giveUp();
	}

	/** Ends the script and releases the resources of the script machine. */
	switchOff(): void {
		this.#kill();
		this.#stopModeChange();
		this.#options.machine.close();
	}
}
