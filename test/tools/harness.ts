/** What the tests of the tools share: a place for everything, streams that can be read, and the one job that is varied. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Event } from '#contract/events.ts';
import type { Client, Job } from '#session/client.ts';
import { createTools, type OpenTools, type ToolsOptions } from '#tools/tools.ts';

export const UUID = '0f1e2d3c-4b5a-4697-8879-a6b5c4d3e2f1';
export const GUID_TEXT = '0f:1e:2d:3c:4b:5a:46:97:88:79:a6:b5:c4:d3:e2:f1';

export function jobAt(port: number, more: Partial<Job> = {}): Job {
	return {
		address: '127.0.0.1',
		port,
		args: [],
		identity: { uuid: UUID, name: null, created: '2026-01-01T00:00:00.000Z' },
		name: 'studio',
		os: 'auto',
		unlock: 'auto',
		keepalive: 'auto',
		purpose: 'session',
		talk: 'events',
		...more,
	};
}

/** A stream that remembers what was written to it. */
export class Memory extends Writable {
	readonly #pieces: Uint8Array[] = [];

	override _write(piece: Uint8Array, _encoding: string, done: () => void): void {
		this.#pieces.push(Uint8Array.from(piece));
		done();
	}

	get bytes(): Uint8Array {
		const all = new Uint8Array(this.#pieces.reduce((sum, { length }) => sum + length, 0));
		let at = 0;
		for (const piece of this.#pieces) {
			all.set(piece, at);
			at += piece.length;
		}
		return all;
	}

	get text(): string {
		return new TextDecoder().decode(this.bytes);
	}
}

export interface Harness extends Disposable {
	readonly folder: string;
	readonly stdout: Memory;
	readonly stderr: Memory;
	/** What the program reads as its own stdin. */
	readonly stdin: PassThrough;
	readonly events: Event[];
	readonly tools: OpenTools;
	/** An executable file with this content. */
	script(name: string, text: string): string;
	emit(event: Event): void;
	/** Resolves when such an event has been told. */
	told(type: Event['type']): Promise<Event>;
	gphoto2(path?: string): Promise<Client>;
	lent: boolean;
}

export function harness(more: Partial<ToolsOptions> = {}): Harness {
	const folder = mkdtempSync(join(tmpdir(), 'canon-wifi-tools-'));
	const stdout = new Memory();
	const stderr = new Memory();
	const stdin = new PassThrough();
	const events: Event[] = [];
	const waiting: { type: string; resolve(event: Event): void }[] = [];
	const here: Harness = {
		folder,
		stdout,
		stderr,
		stdin,
		events,
		lent: false,
		script(name, text) {
			const path = join(folder, name);
			writeFileSync(path, text);
			chmodSync(path, 0o755);
			return path;
		},
		emit(event) {
			events.push(event);
			for (const one of waiting) if (one.type === event.type) one.resolve(event);
		},
		told(type) {
			const event = events.find((one) => one.type === type);
			return event === undefined ? new Promise((resolve) => waiting.push({ type, resolve })) : Promise.resolve(event);
		},
		gphoto2: (path) => here.tools.client('gphoto2', path),
		tools: createTools({
			folder: join(folder, 'ours'),
			templates: fileURLToPath(new URL('../../templates', import.meta.url)),
			platform: process.platform,
			env: process.env,
			stdin: () => stdin,
			stdout,
			stderr,
			verbose: false,
			lendTerminal: () => {
				here.lent = true;
				return () => {
					here.lent = false;
				};
			},
			builtin: () => Promise.reject(new Error('not here')),
			...more,
		}),
		[Symbol.dispose]() {
			here.tools.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
	return here;
}

/** Why the real gphoto2 cannot be run, or nothing. With CI=true that is a failure, not a reason to skip. */
export const gphoto2IsMissing = ((): boolean => {
	try {
		execFileSync('gphoto2', ['--version'], { stdio: 'ignore' });
		return false;
	} catch {
		if (process.env.CI === 'true') throw new Error('gphoto2 is not installed, and with CI=true nothing may be skipped');
		return true;
	}
})();
