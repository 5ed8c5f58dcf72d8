/** The built-in client: our own PTP-IP initiator behind the port that gphoto2 and chdkptp have too. */

import { commandLine } from '#base/text.ts';
import { learntOf, makeReady, type Session } from '#camera/session.ts';
import { type OpenCamera, withCamera } from '#camera/with-camera.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Emit, Event, Learnt } from '#contract/events.ts';
import { LIMITS, type Limits } from '#protocol/ptpip/initiator/limits.ts';
import { ConnectionLost } from '#protocol/ptpip/initiator/transact.ts';
import { PTPIP_PORT } from '#protocol/ptpip/port.ts';
import type { AttemptEnd, Client, Job } from '#session/client.ts';
import { type BuiltinIo, type CommandOutput, eventOutput, streamOutput } from './output.ts';
import { readCommands } from './prompt.ts';
import { builtinArgsProblem, parseCommand } from './rules/arguments.ts';
import { runCommand } from './run-command.ts';

export interface BuiltinOptions {
	io: BuiltinIo;
	/** This program's version. */
	version: string;
	limits?: Partial<Limits>;
	/** Milliseconds that never go back. */
	now?: () => number;
}

/** An open camera, and what is to be done with it. */
interface Taken extends OpenCamera {
	job: Job;
	emit: Emit;
	/** Aborted when it is ended from outside. */
	signal: AbortSignal;
}

export function builtinClient({ io, version, limits: given, now = () => performance.now() }: BuiltinOptions): Client {
	const limits = { ...LIMITS, ...given };
	return {
		tool: 'builtin',
		path: null,
		version,
		describe: ({ address, port, args }) =>
			commandLine(
				'canon-wifi',
				['connect', '--tool', 'builtin', '--camera', address, ...(args.length > 0 ? ['--', ...args] : [])],
				process.platform,
			) + (port === PTPIP_PORT ? '' : ` # port ${port}`),
		wantsTerminal: (args) => args.length === 0,
		attempt,
	};

	async function attempt(job: Job, emit: Emit, signal: AbortSignal): Promise<AttemptEnd> {
		const problem = builtinArgsProblem(job.args);
		if (problem !== undefined) throw problem;
		return withCamera(job, limits, signal, (open) => session({ ...open, job, emit, signal }));
	}

	/** From the open session on: what goes wrong now is the end of a session, not a refusal. */
	async function session(taken: Taken): Promise<AttemptEnd> {
		const { camera, job, emit, over, signal, leave } = taken;
		const learnt = learntOf(camera);
		const output = job.talk === 'events' ? eventOutput(emit, now) : streamOutput(io, now);
		try {
			const ready = await readied(taken, learnt);
			const exitCode = job.purpose === 'learn' ? 0 : await use(ready, job, output, over);
			return { outcome: 'session', exitCode, signal: null, learnt };
		} catch (error) {
			output.quiet();
			// Nothing that another attempt could cure, even if the connection went with it.
			if (error instanceof CanonWifiError) throw error;
			// Ended from outside: whoever did that knows why.
			if (signal.aborted && !leave.isConnected) throw signal.reason;
			const lost = taken.lost();
			if (signal.aborted && lost === undefined) return { outcome: 'session', exitCode: null, signal: null, learnt };
			if (lost === undefined) throw error;
			emit({ type: 'lost', address: job.address, why: lost });
			return { outcome: 'session', exitCode: null, signal: null, lost, learnt };
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

	async function use(ready: Session, job: Job, output: CommandOutput, over: AbortSignal): Promise<number> {
		if (job.args.length > 0) {
			const command = parseCommand(job.args);
			if (command instanceof CanonWifiError) throw command;
			return runCommand(command, ready, output, over);
		}
		const interactive = job.talk !== 'events' && io.stdinIsTerminal && io.stdoutIsTerminal;
		return readCommands({
			io,
			interactive,
			output,
			signal: over,
			run: async (command, signal) => {
				const exitCode = await runCommand(command, ready, output, signal).catch((error: unknown) => {
					// The person goes on at the prompt.
					if (!(error instanceof CanonWifiError)) throw error;
					output.err(`${command.do}: ${error.message} ${error.next}`);
					return 1;
				});
				await ready.unlockAgain(over).catch((error: unknown) => {
					if (error instanceof ConnectionLost || over.aborted) throw error;
				});
				return exitCode;
			},
		});
	}
}
