/** CHDK's operation from the computer's side: reads its version and runs Lua on the camera. */
import { CHDK, EXECUTE, LANGUAGE, MESSAGE, SCRIPT_ERROR, SCRIPT_STATUS } from '#protocol/chdk/protocol.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import type { PtpipConnection } from '#protocol/ptpip/initiator/connection.ts';
import { delay, fetchData, type PerformOptions, perform } from '#protocol/ptpip/initiator/operations.ts';
import type { Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import { type Message, ScriptFailed, ScriptOutput, type ScriptValue, textOf } from './script-output.ts';

/** Longest accepted message in bytes. Scripts send tables in far smaller pieces. */
const MESSAGE_BYTES = 4 * 1024 * 1024;
/** Longest script, in bytes. */
const SCRIPT_BYTES = 1024 * 1024;
/** Pause before the first status request, and shortest and longest pause after that, in milliseconds (chdkptp chdku.lua). */
const FIRST_LOOK_MS = 5;
const SHORTEST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 250;
/** How many messages of an older script are discarded before protocol 2.6. */
const OLD_MESSAGES = 64;
/** Time limit for stopping a script, in milliseconds. */
const STOP_LIMIT_MS = 2000;

/** CHDK on a camera with an open session. */
export class Chdk {
	/** `[major, minor]`. */
	readonly version: readonly [number, number];
	readonly #connection: PtpipConnection;
	readonly #timeouts: Timeouts;

	private constructor(connection: PtpipConnection, timeouts: Timeouts, version: readonly [number, number]) {
		this.#connection = connection;
		this.#timeouts = timeouts;
		this.version = version;
	}

	/** Asks the camera for CHDK's protocol version. Throws `OperationRefused` if it has no CHDK after all. */
	static async of(connection: PtpipConnection, timeouts: Timeouts, signal: AbortSignal): Promise<Chdk> {
		const answer = await perform(connection, { code: OPERATION.chdk, params: [CHDK.version] }, { busy: timeouts, signal });
		return new Chdk(connection, timeouts, [answer.params[0] ?? 0, answer.params[1] ?? 0]);
	}

	/** The version as text: `2.9`. */
	get versionText(): string {
		return this.version.join('.');
	}

	/**
	 * Runs Lua on the camera and resolves to its return values. `onMessage` gets the messages that it writes. Throws
	 * `ScriptFailed`. A script that is aborted or writes too much is stopped on the camera too.
	 */
	async run(code: string, signal: AbortSignal, onMessage: (value: ScriptValue) => void = () => {}): Promise<ScriptValue[]> {
		const id = await this.#start(code, signal);
		const output = new ScriptOutput(id, onMessage);
		try {
			await delay(FIRST_LOOK_MS, signal);
			for (let pauseMs = SHORTEST_PAUSE_MS; ; ) {
				const status = (await this.#perform([CHDK.scriptStatus], { signal })).params[0] ?? 0;
				if ((status & SCRIPT_STATUS.messages) !== 0) {
					output.take(await this.#read(signal));
					pauseMs = SHORTEST_PAUSE_MS;
				} else if ((status & SCRIPT_STATUS.running) === 0) return output.returned;
				else {
					await delay(pauseMs, signal);
					pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
				}
			}
		} catch (error) {
			if (signal.aborted || output.tooMuch) await this.#stop();
			throw error;
		}
	}

	async #start(code: string, signal: AbortSignal): Promise<number> {
		if (new TextEncoder().encode(code).length > SCRIPT_BYTES) throw new ScriptFailed(`the script is longer than ${SCRIPT_BYTES} bytes`);
		let flags = LANGUAGE.lua;
		if (atLeast(this.version, 2, 6)) flags |= EXECUTE.noKill | EXECUTE.flushCameraMessages | EXECUTE.flushHostMessages;
		else await this.#readAway(signal);
		const answer = await this.#perform([CHDK.executeScript, flags], { signal }, code);
		const [id = 0, failure = SCRIPT_ERROR.none] = answer.params;
		if (failure === SCRIPT_ERROR.running) throw new ScriptFailed('another script is running on the camera');
		if (failure !== SCRIPT_ERROR.none) {
			const message = await this.#read(signal);
			throw new ScriptFailed(message.type === MESSAGE.error ? textOf(message.data) : 'the camera could not start the script');
		}
		return id;
	}

	/** Before 2.6 there are no flags, so this checks that no script runs and discards the messages of earlier ones. */
	async #readAway(signal: AbortSignal): Promise<void> {
		for (let count = 0; count < OLD_MESSAGES; count++) {
			const status = (await this.#perform([CHDK.scriptStatus], { signal })).params[0] ?? 0;
			if ((status & SCRIPT_STATUS.running) !== 0) throw new ScriptFailed('another script is running on the camera');
			if ((status & SCRIPT_STATUS.messages) === 0) return;
			await this.#read(signal);
		}
	}

	/** Stops the running script by starting another one: without `noKill` the camera ends the first. */
	async #stop(): Promise<void> {
		const signal = AbortSignal.timeout(STOP_LIMIT_MS);
		await this.#perform([CHDK.executeScript, EXECUTE.flushCameraMessages | EXECUTE.flushHostMessages], { signal }, 'return').catch(
			() => {},
		);
	}

	async #read(signal: AbortSignal): Promise<Message> {
		const { params, data } = await fetchData(
			this.#connection,
			{ code: OPERATION.chdk, params: [CHDK.readScriptMsg], atMost: MESSAGE_BYTES },
			{ busy: this.#timeouts, signal },
		);
		const [type = MESSAGE.none, subtype = 0, scriptId = 0, size = 0] = params;
		// A message of size 0 still brings one byte.
		return { type, subtype, scriptId, data: data.subarray(0, size) };
	}

	#perform(params: readonly number[], options: PerformOptions, source?: string) {
		const bytes = source === undefined ? undefined : new TextEncoder().encode(`${source}\0`);
		const send = bytes && { total: bytes.length, pieces: [bytes] };
		return perform(this.#connection, { code: OPERATION.chdk, params, send }, { busy: this.#timeouts, ...options });
	}
}

function atLeast([major, minor]: readonly [number, number], wantedMajor: number, wantedMinor: number): boolean {
	return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
