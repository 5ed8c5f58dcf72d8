/** The built-in client's commands: what a person or a script may ask of it, as ARGS or line by line. Pure. */

import { splitWords } from '#base/shell-words.ts';
import { nearest } from '#base/suggest.ts';
import { printable } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';

export type Command =
	| { do: 'info' }
	/** Without a path: the root of the card. */
	| { do: 'ls'; path: string | undefined }
	/** `files` is empty with `all`. `to` is a folder of this computer. */
	| { do: 'get'; files: readonly string[]; all: boolean; to: string }
	| { do: 'lua'; code: string }
	| { do: 'help' }
	| { do: 'quit' };

const NAMES = ['info', 'ls', 'get', 'lua', 'help', 'quit'] as const;
const ALSO: Readonly<Record<string, string>> = { exit: 'quit', q: 'quit', dir: 'ls', '?': 'help' };

const problem = (what: string, next: string) => new CanonWifiError('usage', { problem: what, next });
const SEE = 'The commands are info, ls, get, lua and help; `help` explains them.';

/** The command in these words, or what is wrong with them (`usage`). */
export function parseCommand(words: readonly string[]): Command | CanonWifiError<'usage'> {
	const [first, ...rest] = words;
	if (first === undefined) return problem('No command is given.', SEE);
	const name = (Object.hasOwn(ALSO, first) ? ALSO[first] : first) as (typeof NAMES)[number];
	switch (name) {
		case 'info':
		case 'help':
		case 'quit':
			if (rest.length > 0 && name !== 'help') return problem(`${name} takes nothing after it, but got "${shown(rest[0])}".`, SEE);
			return { do: name };
		case 'ls':
			return parseLs(rest);
		case 'get':
			return parseGet(rest);
		case 'lua':
			if (rest.join('').trim() === '') return problem('lua needs the code to run.', "For example: lua 'return get_buildinfo().os'");
			return { do: 'lua', code: rest.join(' ') };
		default: {
			const near = nearest(first, [...NAMES]);
			return problem(
				`The built-in client has no command "${shown(first)}".`,
				near === undefined ? SEE : `Did you mean \`${[near, ...rest].map(shown).join(' ')}\`? ${SEE}`,
			);
		}
	}
}

/** As `parseCommand`, for a line that was typed. `undefined`: an empty line or a comment (#). */
export function parseLine(line: string): Command | CanonWifiError<'usage'> | undefined {
	const text = line.trim();
	if (text === '' || text.startsWith('#')) return undefined;
	// Lua has quotes of its own: the rest of the line goes to the camera as it is.
	const lua = /^lua\s+(.*)$/s.exec(text);
	if (lua?.[1] !== undefined) return { do: 'lua', code: lua[1] };
	const words = splitWords(text);
	return words === undefined ? problem('A quotation mark is not closed.', 'Close it, or leave both out.') : parseCommand(words);
}

/** What is wrong with these ARGS (`usage`), or nothing. No ARGS at all mean the prompt. */
export function builtinArgsProblem(args: readonly string[]): CanonWifiError<'usage'> | undefined {
	if (args.length === 0) return undefined;
	const command = parseCommand(args);
	return command instanceof CanonWifiError ? command : undefined;
}

function parseLs(rest: readonly string[]): Command | CanonWifiError<'usage'> {
	const [option] = rest;
	const paths = option === '--' ? rest.slice(1) : rest;
	if (option !== '--' && option !== undefined && /^-./.test(option))
		return problem(`ls has no option "${shown(option)}".`, 'Write ls, or ls PATH.');
	if (paths.length > 1) return problem(`ls takes one PATH, but got ${paths.length}.`, 'Put a name with spaces in quotation marks.');
	return { do: 'ls', path: paths[0] };
}

function parseGet(rest: readonly string[]): Command | CanonWifiError<'usage'> {
	const files: string[] = [];
	let all = false;
	let to: string | undefined;
	for (let at = 0; at < rest.length; at++) {
		const word = rest[at] as string;
		if (word === '--') {
			files.push(...rest.slice(at + 1));
			break;
		}
		if (word === '--all' || word === '-a') all = true;
		else if (word === '--to' || word === '-t' || word.startsWith('--to=')) {
			const dir = word.startsWith('--to=') ? word.slice(5) : rest[++at];
			if (dir === undefined || dir === '') return problem('--to needs a folder.', 'For example: get IMG_0001.JPG --to Pictures');
			if (to !== undefined) return problem('--to is given twice.', 'All files of one get go to one folder.');
			to = dir;
		} else if (/^-./.test(word)) {
			const near = nearest(word, ['--all', '--to']);
			return problem(
				`get has no option "${shown(word)}".`,
				near === undefined ? 'It has --all and --to DIR; write -- before a name that begins with "-".' : `Did you mean ${near}?`,
			);
		} else files.push(word);
	}
	if (files.some((file) => file.trim() === '')) return problem('An empty FILE is given.', 'Name a file, or use --all.');
	if (all && files.length > 0) return problem('get takes either --all or files, not both.', 'Leave one out.');
	if (!all && files.length === 0) return problem('get needs to know what to download.', 'Name files (get IMG_0001.JPG), or say get --all.');
	return { do: 'get', files, all, to: to ?? '.' };
}

const shown = (word: string | undefined): string => printable(word ?? '');
