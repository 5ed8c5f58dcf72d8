import { expect, test } from 'vitest';
import { isJournal, type TerminalFacts } from '../../src/cli/terminal.ts';

test('stderr is the journal when systemd says so of this very stream, not when it is redirected', () => {
	const facts = (env: TerminalFacts['env'], stderrFile?: string) => ({ env, ...(stderrFile && { stderrFile }) }) as TerminalFacts;
	expect(isJournal(facts({ JOURNAL_STREAM: '9:4711' }, '9:4711'))).toBe(true);
	expect(isJournal(facts({ JOURNAL_STREAM: '9:4711' }, '2049:12'))).toBe(false);
	expect(isJournal(facts({}))).toBe(false);
});
