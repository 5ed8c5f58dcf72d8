/** The commands as completion needs them: flat, one node for each place on the command line. */

import { KEY_CHOICES, PROFILE_KEYS } from '#settings/rules/profile-keys.ts';
import type { Argument, CommandSpec, Flag, Flags, ValueKind } from '../shared/command-line.ts';

/** What can stand in one place. */
export type Offer =
	| { offer: 'words'; words: readonly string[] }
	| { offer: 'files' | 'folders' | 'nothing' }
	/** Asked of the program itself, when it is needed. */
	| { offer: 'profiles' | 'interfaces' | 'models' }
	/** KEY=VALUE. */
	| { offer: 'settings' };

export interface FlagNode {
	/** As written: `--tool`, `-t`. */
	names: readonly string[];
	description: string;
	/** What follows; absent for a switch. */
	value?: Offer;
}

export interface Node {
	/** Words that lead here: empty, `profiles`, `profiles show`. */
	path: string;
	commands: readonly { name: string; summary: string }[];
	flags: readonly FlagNode[];
	/** What each argument can be; `variadic`: the last one repeats. */
	arguments: readonly Offer[];
	variadic: boolean;
}

/** Every place on the command line, the first one being the program itself. */
export function completionNodes(commands: readonly CommandSpec[], globals: Flags): Node[] {
	const root: CommandSpec = {
		name: '',
		summary: '',
		flags: { version: { short: 'V', description: 'the version' } },
		subcommands: commands,
	};
	return nodesOf(root, '', { help: { short: 'h', description: 'this help' }, ...globals });
}

function nodesOf(command: CommandSpec, path: string, everywhere: Flags): Node[] {
	const subcommands = (command.subcommands ?? []).filter(({ hidden }) => hidden !== true);
	const places = Object.values(command.arguments ?? {});
	const node: Node = {
		path,
		commands: subcommands.map(({ name, summary }) => ({ name, summary })),
		flags: [...Object.entries(command.flags ?? {}), ...Object.entries(everywhere)]
			.filter(([, { hidden }]) => hidden !== true)
			.map(flagNode),
		arguments: places.map(({ kind, choices }: Argument) => offerOf(kind, choices)),
		variadic: places.at(-1)?.variadic === true,
	};
	return [node, ...subcommands.flatMap((sub) => nodesOf(sub, path === '' ? sub.name : `${path} ${sub.name}`, everywhere))];
}

function flagNode([long, { short, value, kind, choices, description }]: [long: string, flag: Flag]): FlagNode {
	const names = [`--${long}`, ...(short === undefined ? [] : [`-${short}`])];
	return value === undefined && choices === undefined ? { names, description } : { names, description, value: offerOf(kind, choices) };
}

function offerOf(kind: ValueKind | undefined, choices: readonly string[] | undefined): Offer {
	if (choices !== undefined) return { offer: 'words', words: choices };
	if (kind === 'file') return { offer: 'files' };
	if (kind === 'dir') return { offer: 'folders' };
	if (kind === 'profile') return { offer: 'profiles' };
	if (kind === 'interface') return { offer: 'interfaces' };
	if (kind === 'model') return { offer: 'models' };
	if (kind === 'setting') return { offer: 'settings' };
	return { offer: 'nothing' };
}

/** Every key of `profiles set` with the values it can have; without choices: anything. */
export const SETTING_VALUES: readonly (readonly [key: string, values: readonly string[]])[] = PROFILE_KEYS.map((key) => [
	key,
	KEY_CHOICES[key] ?? [],
]);

/** An offer in the word that the scripts use for it. */
export function offerWord(offer: Offer): string {
	return offer.offer === 'words' ? `words ${offer.words.join(' ')}` : offer.offer;
}

/** A text in single quotes, as bash and zsh read it. */
export function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}

/** `case` branches: what each flag's value can be, by `PATH FLAG`. */
export function valueCases(nodes: readonly Node[]): string[] {
	const byOffer = new Map<string, string[]>();
	for (const { path, flags } of nodes)
		for (const { names, value } of flags)
			if (value !== undefined)
				for (const name of names) byOffer.set(offerWord(value), [...(byOffer.get(offerWord(value)) ?? []), `${path} ${name}`]);
	for (const node of nodes.filter(({ arguments: all }) => all.some(({ offer }) => offer === 'settings')))
		for (const [key, values] of SETTING_VALUES)
			byOffer.set(`words ${values.join(' ')}`, [...(byOffer.get(`words ${values.join(' ')}`) ?? []), `${node.path} ${key}=`]);
	return [...byOffer].map(([word, places]) => `\t\t${places.map(quoted).join('|')}) printf '%s' ${quoted(word)} ;;`);
}

/** `case` branches: what each argument can be, by `PATH NUMBER`. */
export function argumentCases(nodes: readonly Node[]): string[] {
	return nodes.flatMap(({ path, arguments: all, variadic }) =>
		all.map((offer, index) => {
			const place = `${quoted(`${path} `)}${variadic && index === all.length - 1 ? '*' : String(index)}`;
			return `\t\t${place}) printf '%s' ${quoted(offerWord(offer))} ;;`;
		}),
	);
}
