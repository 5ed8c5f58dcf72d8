/** What the terminal is and may be used for; decided once, from what is handed in. */

export interface TerminalFacts {
	stdinIsTerminal: boolean;
	stdoutIsTerminal: boolean;
	stderrIsTerminal: boolean;
	/** Another program has the terminal: we were started with `&`. */
	inBackground?: boolean | undefined;
	/** `device:inode` of stderr. */
	stderrFile?: string | undefined;
	columns: number;
	env: Readonly<Record<string, string | undefined>>;
	flags: { json: boolean; noInput: boolean; noColor: boolean };
}

/** Whether questions may be asked: a person at both ends, and no flag against it. Reading the terminal would stop us in the background. */
export function isConversation({ stdinIsTerminal, stdoutIsTerminal, inBackground, env, flags }: TerminalFacts): boolean {
	if (flags.json || flags.noInput || inBackground === true) return false;
	if (env.CI !== undefined && env.CI !== '' && env.CI !== 'false' && env.CI !== '0') return false;
	return stdinIsTerminal && stdoutIsTerminal;
}

/** Whether the cursor may be moved on stderr: a line that passes is replaced by the next. */
export function hasCursor({ stderrIsTerminal, env, flags }: TerminalFacts): boolean {
	return stderrIsTerminal && env.TERM !== 'dumb' && !flags.json;
}

/** Whether stderr is systemd's journal, which dates every line (systemd.exec(5), JOURNAL_STREAM). */
export function isJournal({ env, stderrFile }: TerminalFacts): boolean {
	return stderrFile !== undefined && env.JOURNAL_STREAM === stderrFile;
}

/** Whether colours may be written to stderr. */
export function hasColour({ stderrIsTerminal, env, flags }: TerminalFacts): boolean {
	if (flags.noColor || flags.json) return false;
	if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
	return stderrIsTerminal && env.TERM !== 'dumb';
}

/** Whether lines and corners may be drawn with characters outside ASCII. */
export function speaksUnicode(env: TerminalFacts['env'], platform: NodeJS.Platform): boolean {
	if (platform === 'win32') return env.WT_SESSION !== undefined || env.TERM_PROGRAM !== undefined;
	return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
