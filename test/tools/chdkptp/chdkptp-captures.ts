/** Recorded runs of chdkptp, cut into their parts. */
import { readFileSync } from 'node:fs';
import type { Exit, OutputLine } from '#tools/tool.ts';

export interface Capture {
	stdout: string;
	stderr: string;
	/** All lines, stdout's first. */
	lines: OutputLine[];
	exit: Exit;
}

export function capture(name: string): Capture {
	const text = readFileSync(new URL(`../../captures/chdkptp/${name}.txt`, import.meta.url), 'utf8');
	const part = (from: string): string => new RegExp(`^== ${from}\\n([\\s\\S]*?)^== `, 'm').exec(text)?.[1] ?? '';
	const end = /^== end (\S+)$/m.exec(text)?.[1] ?? '';
	const lines = (['stdout', 'stderr', 'report'] as const).flatMap((from) =>
		part(from)
			.split('\n')
			.slice(0, -1)
			.map((line): OutputLine => ({ from, text: line })),
	);
	const signal = end.startsWith('SIG') ? end : null;
	return {
		stdout: part('stdout'),
		stderr: part('stderr'),
		lines,
		exit: { code: signal === null ? Number(end) : null, signal, stopped: false },
	};
}
