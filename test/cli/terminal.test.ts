import { expect, test } from 'vitest';
import { isConversation, isJournal, type TerminalFacts } from '#cli/terminal.ts';

test('stderr is the journal only if JOURNAL_STREAM names this stream', () => {
	const facts = (env: TerminalFacts['env'], stderrFile?: string) => ({ env, ...(stderrFile && { stderrFile }) }) as TerminalFacts;
	expect(isJournal(facts({ JOURNAL_STREAM: '9:4711' }, '9:4711'))).toBe(true);
	expect(isJournal(facts({ JOURNAL_STREAM: '9:4711' }, '2049:12'))).toBe(false);
	expect(isJournal(facts({}))).toBe(false);
});

test('questions need a terminal at both ends, and the foreground', () => {
	const facts = (more: Partial<TerminalFacts>): TerminalFacts => ({
		stdinIsTerminal: true,
		stdoutIsTerminal: true,
		stderrIsTerminal: true,
		columns: 80,
		env: {},
		flags: { json: false, noInput: false, noColor: false },
		...more,
	});
	expect(isConversation(facts({}))).toBe(true);
	expect(isConversation(facts({ inBackground: false }))).toBe(true);
	for (const more of [{ inBackground: true }, { stdinIsTerminal: false }, { stdoutIsTerminal: false }, { env: { CI: 'true' } }])
		expect(isConversation(facts(more))).toBe(false);
});
