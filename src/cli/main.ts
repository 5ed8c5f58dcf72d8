/** The process: argv, terminal, signals, exit code. Commands and what they need are loaded when a call needs them. */
import { closeSync, fstatSync } from 'node:fs';
import { whyOf } from '#base/errors.ts';
import { CanonWifiError, EXIT, Stopped } from '#contract/errors.ts';
import type { Event } from '#contract/events.ts';
import { errorEvent } from './exit.ts';
import { lostDashes } from './lost-dashes.ts';
import type { Presentation } from './present/index.ts';
import { type Call, parseCall } from './program.ts';
import { listenForSignals } from './signals.ts';
import { isConversation, type TerminalFacts } from './terminal.ts';
import { VERSION } from './version.ts';

/** What JOURNAL_STREAM names a stream by. */
function fileOf(fd: number): string {
	const { dev, ino } = fstatSync(fd);
	return `${dev}:${ino}`;
}

function terminalFacts(flags: Call['flags']): TerminalFacts {
	return {
		stdinIsTerminal: process.stdin.isTTY === true,
		stdoutIsTerminal: process.stdout.isTTY === true,
		stderrIsTerminal: process.stderr.isTTY === true,
		stderrFile: process.env.JOURNAL_STREAM === undefined ? undefined : fileOf(2),
		columns: process.stdout.columns || process.stderr.columns || 80,
		env: process.env,
		flags: { json: flags.json === true, noInput: flags.input === false, noColor: flags.color === false },
	};
}

/** Reports a call that was not understood; as NDJSON if it asked for that. */
async function refuseCall(error: unknown, argv: readonly string[]): Promise<number> {
	const event = errorEvent(error);
	const head = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
	if (head.includes('--json')) {
		const { ndjson } = await import('./present/ndjson.ts');
		const { on } = ndjson(
			(text) => process.stdout.write(text),
			() => new Date(),
		);
		on(event);
		on({ type: 'result', command: head.find((arg) => !arg.startsWith('-')) ?? '', ok: false, exitCode: event.exitCode });
	} else (await import('./present/index.ts')).onStderr(terminalFacts({ color: !head.includes('--no-color') }), 'normal').on(event);
	return event.exitCode;
}

async function main(argv: readonly string[]): Promise<number> {
	let call: Call;
	try {
		const parsed = parseCall(argv, VERSION, Math.min(process.stdout.columns || 80, 120), process.platform);
		if ('print' in parsed) {
			process.stdout.write(parsed.print);
			return EXIT.done;
		}
		call = parsed;
	} catch (error) {
		return refuseCall(error, argv);
	}
	const signals = listenForSignals(process, (exitCode) => process.exit(exitCode));
	const [{ runCall }, { foregroundStay }] = await Promise.all([import('./wire.ts'), import('./providers.ts')]);
	const stay = foregroundStay();
	const ends = terminalFacts(call.flags);
	const isTerminal = ends.stdinIsTerminal || ends.stdoutIsTerminal || ends.stderrIsTerminal;
	const facts = { ...ends, inBackground: isTerminal && stay() === undefined };
	const conversation = isConversation(facts);
	let presentation: Presentation;
	try {
		presentation = await (await import('./present/index.ts')).present(call, facts, conversation, stay);
	} catch (error) {
		return refuseCall(error, argv);
	}
	const result = (exitCode: number, found: object = {}): Event => ({
		type: 'result',
		command: call.command.join(' '),
		ok: exitCode === 0,
		exitCode,
		...found,
	});
	// An exception from a callback is reported here or nowhere.
	process.once('uncaughtException', (error) => {
		const event = errorEvent(error);
		presentation.on(event);
		presentation.on(result(event.exitCode));
		process.exit(event.exitCode);
	});
	try {
		const { exitCode, found } = await runCall({ call, presentation, facts, conversation, signals, stay });
		presentation.on(result(exitCode, found));
		return exitCode;
	} catch (error) {
		const stopped =
			error instanceof Stopped
				? error
				: signals.signal.aborted && signals.signal.reason instanceof Stopped
					? signals.signal.reason
					: undefined;
		if (stopped !== undefined) {
			presentation.on(result(stopped.exitCode));
			return stopped.exitCode;
		}
		const event = errorEvent(error);
		const lost = event.code === 'noProfile' ? lostDashes(argv, process.platform) : undefined;
		presentation.on(lost === undefined ? event : { ...event, next: `${event.next} ${lost}` });
		presentation.on(result(event.exitCode));
		return event.exitCode;
	} finally {
		await presentation.close();
		if (isTerminal && stay() === undefined) await leaveTerminal();
	}
}

/**
 * At its exit Node sets the terminal's modes to what they were at its start. In the background they are another program's by
 * then, and a process that ever had set any is even stopped for it; so the terminal is closed before.
 */
async function leaveTerminal(): Promise<void> {
	if (process.stdin.isTTY && !process.stdin.destroyed) {
		const closed = new Promise((resolve) => process.stdin.once('close', resolve));
		process.stdin.destroy();
		await closed;
	}
	const { isatty } = await import('node:tty');
	for (const fd of [0, 1, 2])
		try {
			if (isatty(fd)) closeSync(fd);
		} catch {
			// It is closed already.
		}
}

// A reader that goes away (`canon-wifi ... | head`) is not an error.
let lost: CanonWifiError | undefined;
for (const stream of [process.stdout, process.stderr])
	stream.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code === 'EPIPE') process.exit(EXIT.done);
		if (stream === process.stdout) lost ??= new CanonWifiError('outputLost', { why: whyOf(error) });
	});

process.exitCode = await main(process.argv.slice(2));
// A failed write to a full disk is reported a moment later.
await new Promise(setImmediate);
if (lost !== undefined && process.exitCode === EXIT.done) process.exitCode = await refuseCall(lost, []);
// Nothing may keep a finished run alive: what was opened is closed by now, and a stdin that was read may still be open.
if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
else {
	process.stdin.unref?.();
	process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}
