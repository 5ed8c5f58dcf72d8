/** A real terminal of a chosen size, played by tmux: keys go in, screens come out. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN } from './program.ts';

/** Why there can be no terminal here, or nothing. With CI=true that is a failure. */
export function noTerminal(): string | undefined {
	try {
		execFileSync('tmux', ['-V'], { stdio: 'ignore' });
		return undefined;
	} catch {
		if (process.env.CI === 'true') throw new Error('nothing may be skipped with CI=true, but tmux is not installed');
		return 'tmux is not installed';
	}
}

export interface TerminalOptions {
	columns?: number;
	rows?: number;
	/** Network namespace. */
	in?: string | undefined;
	env?: Record<string, string>;
	cwd?: string;
	/** What runs instead of the built program with the Node that runs this. */
	program?: readonly string[];
}

const LIMIT_MS = 20_000;
let terminals = 0;

/** Runs canon-wifi with these arguments on a terminal of its own. */
export class Terminal {
	readonly #socket = `cw-${process.pid}-${terminals++}`;
	readonly #folder = mkdtempSync(join(tmpdir(), 'cw-terminal-'));

	constructor(
		args: readonly string[],
		{ columns = 80, rows = 50, in: namespace, env = {}, cwd = this.#folder, program = [process.execPath, BIN] }: TerminalOptions = {},
	) {
		const quoted = [...program, ...args].map((arg) => `'${arg.replaceAll("'", "'\\''")}'`).join(' ');
		const { CI: _, NO_COLOR: __, TMUX: ___, ...inherited } = process.env;
		const sets = Object.entries(env).map(([name, value]) => `export ${name}='${value}'; `);
		// The bytes are recorded before the first one comes.
		const script = [
			`tmux -L ${this.#socket} pipe-pane -o 'cat >> ${this.#folder}/bytes'`,
			// Ctrl-C reaches this shell too.
			'trap : INT',
			`stty -a > ${this.#folder}/before`,
			`${sets.join('')}(echo $(exec sh -c 'echo $PPID') > ${this.#folder}/pid; exec ${quoted})`,
			`echo $? > ${this.#folder}/code.new; stty -a > ${this.#folder}/after; mv ${this.#folder}/code.new ${this.#folder}/code`,
			'exec cat',
		].join('\n');
		const command = ['tmux', '-L', this.#socket, '-f', '/dev/null', 'new-session', '-d', '-x', String(columns), '-y', String(rows)];
		const [file = '', ...rest] = [...(namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace]), ...command, 'sh', '-c', script];
		execFileSync(file, rest, { env: { ...inherited, LANG: 'C.UTF-8' }, cwd, stdio: 'pipe' });
	}

	#tmux(...words: string[]): string {
		return execFileSync('tmux', ['-L', this.#socket, ...words], { encoding: 'utf8', stdio: 'pipe' });
	}

	/** All lines so far, also those that have left the window, as they are broken by its width. */
	get screen(): string {
		return this.#tmux('capture-pane', '-p', '-S', '-')
			.replace(/[ \n]+$/gm, '')
			.replace(/\n{3,}/g, '\n\n');
	}

	/** Lines that the terminal broke because they were longer than its width. */
	get brokenLines(): string[] {
		const lines = (...flags: string[]) =>
			this.#tmux('capture-pane', '-p', ...flags, '-S', '-')
				.split('\n')
				.map((line) => line.trimEnd());
		const broken = new Set(lines());
		return lines('-J').filter((line) => !broken.has(line));
	}

	/** The same, each as it was written, whatever the width: what a person would copy. */
	get written(): string {
		return this.#tmux('capture-pane', '-p', '-J', '-S', '-').replace(/ +$/gm, '');
	}

	/** Every byte that was written to it. */
	get bytes(): string {
		const file = join(this.#folder, 'bytes');
		return existsSync(file) ? readFileSync(file, 'utf8') : '';
	}

	/** The program's exit code, and whether it left the terminal's modes as they were; nothing while it runs. */
	get ended(): { code: number; restored: boolean } | undefined {
		const read = (name: string) => readFileSync(join(this.#folder, name), 'utf8');
		if (!existsSync(join(this.#folder, 'code'))) return undefined;
		return { code: Number(read('code')), restored: read('before') === read('after') };
	}

	/** Sends the program a signal. */
	signal(name: NodeJS.Signals): void {
		process.kill(Number(readFileSync(join(this.#folder, 'pid'), 'utf8')), name);
	}

	/** Presses keys by tmux's names (`Enter`, `Down`, `C-c`); anything else is typed. */
	press(...keys: string[]): void {
		this.#tmux('send-keys', ...keys);
	}

	resize(columns: number): void {
		this.#tmux('resize-window', '-x', String(columns));
	}

	/** Waits until the screen shows all of these. */
	async shows(...wanted: (string | RegExp)[]): Promise<string> {
		return this.#until(() => {
			const { screen } = this;
			const all = wanted.every((one) => (typeof one === 'string' ? screen.includes(one) : one.test(screen)));
			return all ? screen : undefined;
		}, wanted.join(', '));
	}

	/** Waits for the end of the program. */
	async end(): Promise<{ code: number; restored: boolean; screen: string }> {
		const ended = await this.#until(() => this.ended, 'the end');
		return { ...ended, screen: this.screen };
	}

	async #until<T>(look: () => T | undefined, what: string): Promise<T> {
		for (let left = LIMIT_MS; left > 0; left -= 50) {
			const found = look();
			if (found !== undefined) return found;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		throw new Error(`not on the screen within ${LIMIT_MS} ms: ${what}\n${this.screen}`);
	}

	[Symbol.dispose](): void {
		try {
			this.#tmux('kill-server');
		} catch {
			// It has gone already.
		}
		rmSync(this.#folder, { recursive: true, force: true });
	}
}
