/** gphoto2's ARGS, read as gphoto2 itself reads them: its table of options (gphoto2 2.5.28, main.c) and popt's rules. */

/**
 * What an option is there for, measured with gphoto2 2.5.28:
 * - `camera`: it opens the camera;
 * - `named`: it does so only where the model is named (`--camera`) or another option has gphoto2 look for one;
 * - `detects`: it has gphoto2 look for a model, and opens nothing;
 * - `setting`: anything else.
 */
type Use = 'camera' | 'named' | 'detects' | 'setting';

interface Known {
	readonly name: string;
	readonly letter?: string | undefined;
	/** Whether it takes a value. An optional one is never a word that begins with a dash. */
	readonly value?: 'needed' | 'optional' | undefined;
	readonly use: Use;
	/** It moves the content of files. */
	readonly moves?: boolean | undefined;
}

/** `name`, `x,name` with a letter; followed by `=` if it needs a value, by `?` if it may have one. */
const known = (use: Use, words: string, moves?: boolean): Known[] =>
	words
		.trim()
		.split(/\s+/)
		.map((word) => {
			const [, letter, name = '', value] = /^(?:(.),)?([a-z-]+)([=?])?$/.exec(word) ?? [];
			return { name, letter, value: value === undefined ? undefined : value === '=' ? 'needed' : 'optional', use, moves };
		});

const OPTIONS: readonly Known[] = [
	...known(
		'camera',
		`p,get-file= P,get-all-files t,get-thumbnail= T,get-all-thumbnails get-raw-data= get-all-raw-data get-audio-data=
		get-all-audio-data u,upload-file= upload-metadata= wait-event? wait-event-and-download? capture-preview capture-image
		trigger-capture capture-image-and-download capture-movie? capture-sound capture-tethered?`,
		true,
	),
	...known(
		'camera',
		`show-preview show-exif= show-info= summary manual storage-info shell config list-config get-config= set-config=
		set-config-index= set-config-value= l,list-folders L,list-files m,mkdir= r,rmdir= n,num-files d,delete-file= D,delete-all-files`,
	),
	...known('named', 'get-metadata= get-all-metadata', true),
	...known('named', 'about list-all-config'),
	...known('detects', 'a,abilities reset'),
	...known(
		'setting',
		`?,help usage debug debug-loglevel= debug-logfile= q,quiet parsable hook-script= stdout stdout-size auto-detect v,version
		list-cameras list-ports port= speed= camera= usbid= keep keep-raw no-keep B,bulb= F,frames= I,interval= reset-interval
		filename= filenumber= f,folder= R,recurse no-recurse new force-overwrite skip-existing`,
	),
];

/** One option among ARGS. */
export interface Option {
	readonly name: string;
	/** Its value, if it takes one and has one. */
	readonly value?: string | undefined;
	readonly use: Use;
	readonly moves: boolean;
	/** The word of ARGS (0: the first) that it is in, and whether its value is the next word. */
	readonly word: number;
	readonly separate: boolean;
}

/** What ARGS say. */
export interface Reading {
	/** The options that gphoto2 comes to, in their order. */
	readonly options: readonly Option[];
	/** Words that are no options: more files, for options that take files. */
	readonly rest: readonly string[];
	/** There is an option that is not in our table. gphoto2 prints its usage and does nothing, unless it is newer and knows it. */
	readonly unknown: boolean;
}

/**
 * Reads ARGS. A long option is never abbreviated; letters may stand together, and the value of the last one may follow at
 * once or after `=`. A missing or unwanted value ends the reading without a word: gphoto2 does what stands before it.
 */
export function readOptions(args: readonly string[]): Reading {
	const options: Option[] = [];
	const rest: string[] = [];
	let unknown = false;
	for (let at = 0; at < args.length; at++) {
		const word = args[at] ?? '';
		if (word === '--') {
			rest.push(...args.slice(at + 1));
			break;
		}
		if (!word.startsWith('-') || word === '-') {
			rest.push(word);
			continue;
		}
		const next = args[at + 1];
		const read = word.startsWith('--') ? readLong(word, next) : readLetters(word, next);
		unknown ||= read.unknown === true;
		const separate = read.takesNext === true;
		options.push(...read.found.map(({ is: { name, use, moves = false }, value }) => ({ name, value, use, moves, word: at, separate })));
		if (read.ends) break;
		if (separate) at++;
	}
	return { options, rest, unknown };
}

interface Word {
	readonly found: readonly { readonly is: Known; readonly value?: string | undefined }[];
	/** The value of the last one is the next word. */
	readonly takesNext?: boolean;
	readonly unknown?: boolean;
	/** The reading ends here. */
	readonly ends?: boolean;
}

function readLong(word: string, next: string | undefined): Word {
	const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
	const is = OPTIONS.find((one) => one.name === name);
	if (is === undefined) return { found: [], unknown: true };
	if (value !== undefined) return is.value === undefined ? { found: [], ends: true } : { found: [{ is, value }] };
	return withNext(is, next);
}

function readLetters(word: string, next: string | undefined): Word {
	const found: Word['found'][number][] = [];
	for (let at = 1; at < word.length; at++) {
		const is = OPTIONS.find(({ letter }) => letter === word[at]);
		if (is === undefined) return { found, unknown: true };
		const behind = word.slice(at + 1);
		if (is.value !== undefined && behind !== '') return { found: [...found, { is, value: behind.replace(/^=/, '') }] };
		const { found: more, ...how } = withNext(is, next);
		found.push(...more);
		if (is.value !== undefined) return { found, ...how };
	}
	return { found };
}

/** An option whose value, if it takes one, is not in the same word. */
function withNext(is: Known, next: string | undefined): Word {
	if (is.value === undefined) return { found: [{ is }] };
	if (is.value === 'optional' && (next === undefined || next.startsWith('-'))) return { found: [{ is }] };
	return next === undefined ? { found: [], ends: true } : { found: [{ is, value: next }], takesNext: true };
}

/** Whether gphoto2 only prints how it is used. */
const onlyHelps = ({ options }: Reading): boolean => options.some(({ name }) => name === 'help' || name === 'usage');

/** Whether these options open the camera, before `until` if that is given. */
export function opensCamera(reading: Reading, until = Number.POSITIVE_INFINITY): boolean {
	return (
		!onlyHelps(reading) && (reading.unknown || reading.options.some(({ use, word }) => word < until && /^(?:camera|named)$/.test(use)))
	);
}

/** Whether the model must be named, or gphoto2 would look for a camera on USB. */
export function wantsModel({ options }: Reading): boolean {
	return (
		options.some(({ use }) => use === 'named') &&
		!options.some(({ use, name }) => use === 'camera' || use === 'detects' || name === 'camera')
	);
}

/** The option of this name that counts: the last one. */
export const lastOf = ({ options }: Reading, ...names: readonly string[]): Option | undefined =>
	options.findLast(({ name }) => names.includes(name));

/** Whether it asks a person for commands. */
export const asksPerson = (reading: Reading): boolean => !onlyHelps(reading) && lastOf(reading, 'shell', 'config') !== undefined;

/** ARGS in which each value of this option is another one. */
export function withValue(args: readonly string[], name: string, value: string): string[] {
	const changed = [...args];
	for (const option of readOptions(args).options)
		if (option.name === name) changed[option.separate ? option.word + 1 : option.word] = option.separate ? value : `--${name}=${value}`;
	return changed;
}

/** Files of this computer that it is to read. `-` is its stdin. */
export function filesToRead({ options, rest }: Reading): string[] {
	const uploads = options.filter(({ name }) => name === 'upload-file' || name === 'upload-metadata');
	return uploads.length === 0 ? [] : [...uploads.map(({ value = '' }) => value), ...rest].filter((file) => file !== '-');
}
