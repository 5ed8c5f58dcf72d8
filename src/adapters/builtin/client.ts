/** The built-in client: our own PTP-IP initiator behind the port that gphoto2 and chdkptp have too. */
import { builtinArgsProblem, parseCommand } from '../../core/builtin/arguments.ts';
import { CanonWifiError } from '../../core/errors.ts';
import type { Emit, Event, Learnt } from '../../core/events.ts';
import { guidOf } from '../../core/identity.ts';
import { PTPIP_PORT } from '../../core/ptpip/port.ts';
import { NO_CAMERA, NO_PTPIP } from '../../core/ptpip/strangers.ts';
import { commandLine, printable } from '../../core/text.ts';
import { MalformedBytes } from '../../core/wire/bytes.ts';
import type { AttemptEnd, Client, Job } from '../../flows/ports.ts';
import { ConnectionLost } from '../ptpip/connection.ts';
import { dial } from '../ptpip/dial.ts';
import { LIMITS, type Limits } from '../ptpip/limits.ts';
import { OperationRefused, WrongLength } from '../ptpip/operations.ts';
import { Camera } from './camera.ts';
import { type Leaving, leaving } from './leaving.ts';
import { linkedAbort } from './linked-abort.ts';
import { readCommands } from './prompt.ts';
import { runCommand } from './run-command.ts';
import { learntOf, makeReady, type Session } from './session.ts';
import { type BuiltinIo, eventVoice, streamVoice, type Voice } from './voice.ts';

export interface BuiltinOptions {
	io: BuiltinIo;
	/** This program's version. */
	version: string;
	limits?: Partial<Limits>;
	/** Milliseconds that never go back. */
	now?: () => number;
}

/** A camera that has taken the connection, and what is to be done with it. */
interface Taken {
	camera: Camera;
	job: Job;
	emit: Emit;
	/** Aborted when the session is ended from outside, and when the connection is over. */
	over: AbortSignal;
	/** Aborted when it is ended from outside. */
	signal: AbortSignal;
	leave: Leaving;
}

/** How long CloseSession may take at the end: a camera that is off answers nothing any more. */
const GOODBYE_MS = 1500;

export function builtinClient({ io, version, limits: given, now = () => performance.now() }: BuiltinOptions): Client {
	const limits = { ...LIMITS, ...given };
	return {
		tool: 'builtin',
		path: null,
		version,
		describe: ({ address, port, args }) =>
			commandLine('canon-wifi', ['connect', '--tool', 'builtin', '--camera', address, ...(args.length > 0 ? ['--', ...args] : [])]) +
			(port === PTPIP_PORT ? '' : ` # port ${port}`),
		wantsTerminal: (args) => args.length === 0,
		attempt,
	};

	async function attempt(job: Job, emit: Emit, signal: AbortSignal): Promise<AttemptEnd> {
		const problem = builtinArgsProblem(job.args);
		if (problem !== undefined) throw problem;
		const { connection, failure } = await dial({
			host: job.address,
			port: job.port,
			guid: guidOf(job.identity.uuid),
			name: job.name,
			limits,
			signal,
		});
		if (failure !== undefined) {
			const { outcome, said } = failure;
			return { outcome, said: printable(said), ...(failure.outcome === 'rejected' ? { reason: failure.reason } : {}) };
		}
		const camera = new Camera(connection, limits);
		// What is awaited ends at once when the camera leaves, whatever it is: also a person at the prompt.
		const over = linkedAbort(signal);
		void connection.over.then((lost) => over.abort(lost));
		const leave = leaving(connection, signal);
		try {
			try {
				await camera.open(over.signal);
			} catch (error) {
				signal.throwIfAborted();
				return notTaken(error);
			}
			return await session({ camera, job, emit, over: over.signal, signal, leave });
		} finally {
			leave.release();
			over.release();
			await camera.closeSession(GOODBYE_MS);
			await connection.close();
		}
	}

	/** From the open session on: what goes wrong now is the end of a session, not a refusal. */
	async function session(taken: Taken): Promise<AttemptEnd> {
		const { camera, job, emit, over, signal, leave } = taken;
		const learnt = learntOf(camera);
		const voice = job.talk === 'events' ? eventVoice(emit, now) : streamVoice(io, now);
		try {
			const ready = await readied(taken, learnt);
			const exitCode = job.purpose === 'learn' ? 0 : await use(ready, job, voice, over);
			return { outcome: 'session', exitCode, signal: null, learnt };
		} catch (error) {
			voice.quiet();
			const lost = camera.connection.lost;
			// Ended from outside: whoever did that knows why.
			if (signal.aborted && !leave.isConnected) throw signal.reason;
			if (signal.aborted && (lost === undefined || leave.dropped)) return { outcome: 'session', exitCode: null, signal: null, learnt };
			if (lost === undefined) throw error;
			emit({ type: 'lost', address: job.address, why: printable(lost.message) });
			return { outcome: 'session', exitCode: null, signal: null, lost: printable(lost.message), learnt };
		}
	}

	/** Tells of the connection first and then of what was done to the camera, although it takes that to know the camera. */
	async function readied({ camera, job, emit, over, leave }: Taken, learnt: Learnt): Promise<Session> {
		const untold: Event[] = [];
		try {
			const ready = await makeReady(camera, job, learnt, limits, (event) => untold.push(event), over);
			leave.connected();
			emit({ type: 'connected', tool: 'builtin', address: job.address, ...learnt });
			return ready;
		} finally {
			for (const event of untold) emit(event);
		}
	}

	async function use(ready: Session, job: Job, voice: Voice, over: AbortSignal): Promise<number> {
		if (job.args.length > 0) {
			const command = parseCommand(job.args);
			if (command instanceof CanonWifiError) throw command;
			return runCommand(command, ready, voice, over);
		}
		const interactive = job.talk !== 'events' && io.stdinIsTerminal && io.stdoutIsTerminal;
		return readCommands({
			io,
			interactive,
			voice,
			signal: over,
			run: async (command, signal) => {
				const exitCode = await runCommand(command, ready, voice, signal);
				await ready.unlockAgain(over).catch((error: unknown) => {
					if (error instanceof ConnectionLost || over.aborted) throw error;
				});
				return exitCode;
			},
		});
	}
}

/** The camera took the connection but no session: the same to whoever tries again. */
function notTaken(error: unknown): AttemptEnd {
	const refused = (said: string): AttemptEnd => ({ outcome: 'refused', said: printable(said) });
	if (error instanceof ConnectionLost) {
		if (error.kind === 'silent') return { outcome: 'noAnswer', said: printable(error.message) };
		return refused(error.kind === 'broken' ? `${NO_PTPIP}${error.message}` : error.message);
	}
	if (error instanceof OperationRefused) return refused(`no session: ${error.message}`);
	if (error instanceof WrongLength || error instanceof MalformedBytes)
		return refused(`${NO_CAMERA}what it says of itself cannot be read (${error.message})`);
	throw error;
}
