import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { listenForSignals } from '#cli/signals.ts';

function listening() {
	const process = new EventEmitter();
	const codes: number[] = [];
	const signals = listenForSignals(process as unknown as NodeJS.Process, (code) => codes.push(code));
	return { signals, codes, send: (name: string) => process.emit(name) };
}

test.each([
	['SIGINT', 130],
	['SIGBREAK', 130],
	['SIGTERM', 143],
	['SIGHUP', 143],
	['SIGQUIT', 143],
	['SIGALRM', 143],
	['SIGXCPU', 143],
])('%s: the first ends in order, the second at once with %i', (name, code) => {
	const { signals, codes, send } = listening();
	send(name);
	expect(signals.signal.reason).toMatchObject({ exitCode: code });
	expect(codes).toEqual([]);
	send(name);
	expect(codes).toEqual([code]);
});

test("leaves the terminal's keys to a tool while it has the terminal, but never SIGTERM", () => {
	const { signals, send } = listening();
	const giveBack = signals.leaveToTool();
	for (const key of ['SIGINT', 'SIGBREAK', 'SIGQUIT']) send(key);
	expect(signals.signal.aborted).toBe(false);
	giveBack();
	giveBack();
	send('SIGBREAK');
	expect(signals.signal.aborted).toBe(true);

	const other = listening();
	other.signals.leaveToTool();
	other.send('SIGTERM');
	expect(other.signals.signal.aborted).toBe(true);
});
