/** CHDK on the camera: scripts one at a time, their messages both ways, and the temporary data of downloads. */
import { EXECUTE, MESSAGE, SCRIPT_ERROR, SCRIPT_STATUS, WRITE_STATUS } from '../../core/chdk/protocol.ts';
import type { RunningScript, ScriptHost, ScriptMachine, ScriptValue } from './machine.ts';
import { errorMessage, MessageQueue, type ScriptMessage, valueMessage } from './messages.ts';

/** What the extension needs of the camera around it. */
export type CameraHost = Pick<ScriptHost, 'buildInfo' | 'postLevent' | 'ticks' | 'sleep'>;

export class ChdkExtension {
	readonly #machine: ScriptMachine;
	readonly #host: CameraHost;
	readonly #told: (id: number, status: 'started' | 'compileError' | 'refused') => void;
	readonly #toHost = new MessageQueue<ScriptMessage>();
	readonly #toScript = new MessageQueue<Uint8Array>();
	#running: RunningScript | undefined;
	/** Return values that did not fit in the queue yet. */
	#pending: ScriptMessage[] = [];
	#lastId = 0;
	/** What TempData stored. */
	temp: Uint8Array | undefined;

	constructor(machine: ScriptMachine, host: CameraHost, told: (id: number, status: 'started' | 'compileError' | 'refused') => void) {
		this.#machine = machine;
		this.#host = host;
		this.#told = told;
	}

	/** Starts a script; `flags` as in `EXECUTE`. A running one is ended first unless `noKill` forbids it. */
	execute(source: Uint8Array, flags: number): { id: number; status: number } {
		if (this.#running !== undefined && (flags & EXECUTE.noKill) !== 0) {
			this.#told(this.#lastId, 'refused');
			return { id: this.#lastId, status: SCRIPT_ERROR.running };
		}
		this.kill();
		if ((flags & EXECUTE.flushCameraMessages) !== 0) this.#toHost.clear();
		if ((flags & EXECUTE.flushHostMessages) !== 0) this.#toScript.clear();
		this.#lastId++;
		const id = this.#lastId;
		const started = this.#machine.start(source, {
			...this.#host,
			write: (value: ScriptValue) => this.#running !== undefined && this.#toHost.add(valueMessage(MESSAGE.user, value, id)),
			read: () => this.#toScript.take(),
		});
		if ('compileError' in started) {
			this.#post(errorMessage(SCRIPT_ERROR.compile, started.compileError, id));
			this.#told(id, 'compileError');
			return { id, status: SCRIPT_ERROR.compile };
		}
		this.#running = started;
		this.#told(id, 'started');
		void started.ended.then((end) => {
			if (this.#running !== started) return; // killed: it has nothing more to say
			this.#running = undefined;
			if ('error' in end) this.#post(errorMessage(SCRIPT_ERROR.run, end.error, id));
			else for (const value of end.returned) this.#post(valueMessage(MESSAGE.returned, value, id));
		});
		return { id, status: SCRIPT_ERROR.none };
	}

	/** What must not be lost waits outside a full queue. */
	#post(message: ScriptMessage): void {
		if (this.#pending.length > 0 || !this.#toHost.add(message)) this.#pending.push(message);
	}

	/** Bits of `SCRIPT_STATUS`. */
	get status(): number {
		return (
			(this.#running === undefined && this.#pending.length === 0 ? 0 : SCRIPT_STATUS.running) |
			(this.#toHost.length > 0 ? SCRIPT_STATUS.messages : 0)
		);
	}

	/** The next message for the computer. */
	readMessage(): ScriptMessage | undefined {
		const message = this.#toHost.take();
		const next = this.#pending[0];
		if (next !== undefined && this.#toHost.add(next)) this.#pending.shift();
		return message;
	}

	/** A message for the script; checked in CHDK's order: not running, wrong id, queue full. */
	writeMessage(bytes: Uint8Array, target: number): number {
		if (this.#running === undefined) return WRITE_STATUS.notRunning;
		if (target !== 0 && target !== this.#lastId) return WRITE_STATUS.badId;
		return this.#toScript.add(bytes.slice()) ? WRITE_STATUS.ok : WRITE_STATUS.queueFull;
	}

	/** Ends the script that runs, if one does. */
	kill(): void {
		const running = this.#running;
		this.#running = undefined;
		this.#pending = [];
		running?.kill();
	}
}
