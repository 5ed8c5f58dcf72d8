/** The built-in client: our own PTP-IP initiator behind the port that gphoto2 and chdkptp have too. */

import { commandLine } from '#base/text.ts';
import { withResolvers } from '#base/with-resolvers.ts';
import { type OpenCamera, openCamera } from '#camera/open-camera.ts';
import { cameraInfoOf, makeReady, type ReadyCamera } from '#camera/ready-camera.ts';
import { CanonWifiError } from '#contract/errors.ts';
import type { Emit, Event } from '#contract/events.ts';
import { DEFAULT_TIMEOUTS, type Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import { ConnectionLost } from '#protocol/ptpip/initiator/transact.ts';
import { PTPIP_PORT } from '#protocol/ptpip/port.ts';
import type { Attempted, Client, Finished, Job, Session, SessionEnd } from '#session/client.ts';
import { Catalogue, type ListingMemory, listingMemory } from '#transfer/catalogue/catalogue.ts';
import { type BuiltinIo, type CommandOutput, eventOutput, streamOutput } from './output.ts';
import { readCommands } from './prompt.ts';
import { builtinArgsProblem, parseCommand } from './rules/arguments.ts';
import { runCommand } from './run-command.ts';

export interface BuiltinOptions {
	io: BuiltinIo;
	/** This program's version. */
	version: string;
	limits?: Partial<Timeouts>;
	/** Say more, for troubleshooting. */
	verbose?: boolean | undefined;
	/** Remembers listings that failed on a camera; absent: as long as the program runs. */
	memory?: ListingMemory | undefined;
	/** Milliseconds that never go back. */
	now?: () => number;
}

export function builtinClient(options: BuiltinOptions): Client {
	const { io, version, limits: given, verbose = false, memory = listingMemory(), now = () => performance.now() } = options;
	const limits = { ...DEFAULT_TIMEOUTS, ...given };
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
		connect,
	};

	async function connect(job: Job, emit: Emit, signal: AbortSignal): Promise<Attempted> {
		const problem = builtinArgsProblem(job.args);
		if (problem !== undefined) throw problem;
		return openCamera<Finished | Session>(job, limits, signal, async (open) => {
			const learnt = cameraInfoOf(open.camera);
			/** What was done to the camera on the way; told after the connection, although that takes it to know the camera. */
			const early: Event[] = [];
			let begun = false;
			try {
				const tell: Emit = (event) => void (begun ? emit(event) : early.push(event));
				const ready = await makeReady(open.camera, job, learnt, limits, tell, open.over);
				const beginning = withResolvers<void>();
				const ended = (async () => {
					await beginning.promise;
					for (const event of early) emit(event);
					return toItsEnd(open, ready, job, emit);
				})();
				ended.catch(() => {}); // whoever awaits it hears of it
				return {
					outcome: 'session',
					info: learnt,
					ended,
					begin: () => {
						begun = true;
						beginning.resolve();
					},
					close: () => {
						open.end();
						beginning.resolve();
					},
				};
			} catch (error) {
				for (const event of early) emit(event);
				const lost = open.lost();
				if (error instanceof CanonWifiError || signal.aborted || lost === undefined) throw error;
				emit({ type: 'lost', address: job.address, why: lost });
				await open.close();
				return { outcome: 'finished', end: { exitCode: null, signal: null, lost, learnt } };
			}
		});
	}

	/** What the job asks for, in the session that stands, until that is closed. */
	async function toItsEnd(open: OpenCamera, ready: ReadyCamera, job: Job, emit: Emit): Promise<SessionEnd> {
		const { learnt } = ready;
		const output = job.talk === 'events' ? eventOutput(emit, now) : streamOutput(io, now);
		try {
			const exitCode = job.purpose === 'learn' ? 0 : await use(ready, job, output, open.over);
			return { exitCode, signal: null, learnt };
		} catch (error) {
			output.quiet();
			// Nothing that another attempt could cure, even if the connection went with it.
			if (error instanceof CanonWifiError) throw error;
			const lost = open.lost();
			if (lost === undefined && !open.ending) throw error;
			if (lost !== undefined) emit({ type: 'lost', address: job.address, why: lost });
			return { exitCode: null, signal: null, lost, learnt };
		} finally {
			await open.close();
		}
	}

	async function use(ready: ReadyCamera, job: Job, output: CommandOutput, over: AbortSignal): Promise<number> {
		const onDistrust = verbose ? (why: string) => output.err(why) : undefined;
		const catalogue = new Catalogue({ camera: ready.camera, chdk: ready.chdk, memory, onDistrust });
		if (job.args.length > 0) {
			const command = parseCommand(job.args);
			if (command instanceof CanonWifiError) throw command;
			return runCommand(command, ready, catalogue, output, over);
		}
		const interactive = job.talk !== 'events' && io.stdinIsTerminal && io.stdoutIsTerminal;
		return readCommands({
			io,
			interactive,
			output,
			signal: over,
			run: async (command, signal) => {
				const exitCode = await runCommand(command, ready, catalogue, output, signal).catch((error: unknown) => {
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
