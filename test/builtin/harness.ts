/** Runs the built-in client against a port and collects all that it says. */
import { PassThrough } from 'node:stream';
import { builtinClient } from '#builtin/client.ts';
import type { Event, EventOf, EventType } from '#contract/events.ts';
import type { Timeouts } from '#protocol/ptpip/initiator/timeouts.ts';
import type { Job } from '#session/client.ts';
import { type AttemptEnd, attempt } from '../support/attempt.ts';

export interface Run {
	end: AttemptEnd;
	events: Event[];
	/** The events of one type. */
	of<T extends EventType>(type: T): EventOf<T>[];
	stdout: string;
	stderr: string;
}

export interface RunOptions {
	port: number;
	args?: readonly string[];
	job?: Partial<Job>;
	/** Lines for stdin. */
	input?: string;
	limits?: Partial<Timeouts>;
	signal?: AbortSignal;
	onEvent?(event: Event): void;
	terminal?: boolean;
	stdin?: PassThrough;
	columns?: number;
	onOutput?(text: string): void;
}

export async function runBuiltin(options: RunOptions): Promise<Run> {
	const texts = { stdout: '', stderr: '' };
	const stream = (name: 'stdout' | 'stderr') => {
		const through = new PassThrough();
		through.on('data', (chunk: Buffer) => {
			texts[name] += chunk.toString();
			options.onOutput?.(chunk.toString());
		});
		return through;
	};
	const stdin = options.stdin ?? new PassThrough();
	if (options.stdin === undefined) stdin.end(options.input ?? '');
	const terminal = options.terminal ?? false;
	const client = builtinClient({
		io: {
			stdin,
			stdout: stream('stdout'),
			stderr: stream('stderr'),
			stdinIsTerminal: terminal,
			stdoutIsTerminal: terminal,
			stderrIsTerminal: terminal,
			columns: () => options.columns ?? 80,
			interrupt: () => {},
		},
		version: '0.0.0',
		limits: { busyPauseMs: 1, ...options.limits },
	});
	const events: Event[] = [];
	const job: Job = {
		address: '127.0.0.1',
		port: options.port,
		args: options.args ?? [],
		identity: { uuid: '6f1e0b62-8a3c-4d52-9f5e-0123456789ab', name: null, created: '2026-01-01T00:00:00Z' },
		name: 'studio',
		os: 'auto',
		unlock: 'auto',
		keepalive: 'auto',
		purpose: 'session',
		talk: terminal ? 'terminal' : 'through',
		...options.job,
	};
	const end = await attempt(
		client,
		job,
		(event) => {
			events.push(event);
			options.onEvent?.(event);
		},
		options.signal ?? new AbortController().signal,
	);
	return {
		end,
		events,
		of: <T extends EventType>(type: T) => events.filter((event): event is EventOf<T> => event.type === type),
		...texts,
	};
}
