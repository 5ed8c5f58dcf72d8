/** From argv to one parsed call, by commander. Nothing is run here, and a call that is not understood runs nothing. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { nearest } from '#base/suggest.ts';
import { printable, quoteArgFor } from '#base/text.ts';
import { type Argument, type CommandSpec, camel, type Flag } from '#commands/shared/command-line.ts';
import { GLOBAL_FLAGS } from '#commands/shared/flags.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { fitted, helpRow } from './help.ts';
import { lostDashes } from './lost-dashes.ts';
import { COMMANDS } from './table.ts';

/** A call that was understood. */
export interface Call {
	/** `['profiles', 'show']` */
	command: readonly string[];
	/** By name in camel case. */
	arguments: Readonly<Record<string, string | readonly string[] | undefined>>;
	/** By long name in camel case; switches are booleans, `--no-x` is `x: false`. */
	flags: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
	/** What stood after `--`. */
	rest: readonly string[];
}

const SHORT_HELP = `canon-wifi: use a Canon camera from this computer over Wi-Fi.

  canon-wifi pair       pair a camera, guided step by step
  canon-wifi connect    wait for a paired camera and use it

\`canon-wifi --help\` lists all commands; \`canon-wifi doctor\` finds out what is wrong.
`;

/** Commands that take ARGS after `--`. */
const PASSING = COMMANDS.filter(({ rest }) => rest !== undefined).map(({ name }) => name);

const number = (what: string, least: number, most: number, whole: boolean) => (text: string) => {
	const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
	if (!(value >= least && value <= most) || (whole && !Number.isInteger(value)))
		throw new InvalidArgumentError(`It must be ${what}${most === Number.MAX_SAFE_INTEGER ? '' : ` from ${least} to ${most}`}.`);
	return value;
};
const KINDS: Partial<Record<NonNullable<Flag['kind']>, (text: string) => number>> = {
	port: number('a port number', 1, 65_535, true),
	seconds: number('a number of seconds', 0, 31_536_000, false),
	count: number('a whole number', 0, Number.MAX_SAFE_INTEGER, true),
};

/** An alias: its value is stored under the other option's name. */
class OldName extends Option {
	readonly #of: string;

	constructor(names: string, of: string) {
		super(names);
		this.#of = of;
		this.hideHelp();
	}

	override attributeName(): string {
		return this.#of;
	}
}

/** The option of a flag, and the one of its old name where it has one. */
function options([long, flag]: readonly [long: string, flag: Flag]): Option[] {
	const made = option(long, flag);
	if (flag.oldName === undefined) return [made];
	const old = new OldName(`--${flag.oldName} <${flag.value}>`, made.attributeName());
	if (made.parseArg !== undefined) old.argParser(made.parseArg);
	return [made, old];
}

function option(long: string, flag: Flag): Option {
	const names = `${flag.short === undefined ? '' : `-${flag.short}, `}--${long}${flag.value === undefined ? '' : ` <${flag.value}>`}`;
	const made = new Option(names, flag.description);
	const kind = flag.kind === undefined ? undefined : KINDS[flag.kind];
	if (kind !== undefined) made.argParser(kind);
	if (flag.choices !== undefined) made.choices([...flag.choices]);
	if (flag.repeats === true) made.argParser((value: string, before: readonly string[] | undefined) => [...(before ?? []), value]);
	if (flag.default !== undefined) made.default(flag.default, String(flag.default));
	if (flag.hidden === true) made.hideHelp();
	return made;
}

function argument([name, spec]: readonly [name: string, spec: Argument]): string {
	const shown = `${spec.shown ?? name}${spec.variadic === true ? '...' : ''}`;
	return spec.required === true ? `<${shown}>` : `[${shown}]`;
}

function command(spec: CommandSpec, path: readonly string[], platform: string, understood: (call: Omit<Call, 'rest'>) => void): Command {
	const dashes = quoteArgFor(platform, '--');
	const made = new Command(spec.name).description(spec.summary).summary(spec.summary).helpOption('-h, --help', 'this help').exitOverride();
	for (const one of Object.entries(spec.flags ?? {}).flatMap(options)) made.addOption(one);
	const places = Object.entries(spec.arguments ?? {});
	if (spec.rest !== undefined) made.usage(`[options] ${places.map(argument).join(' ')} [${dashes} ARGS...]`);
	if (spec.rest !== undefined) made.addHelpText('after', `\nARGS: ${spec.rest}.`);
	for (const note of spec.notes ?? []) made.addHelpText('after', `\n${note}`);
	if (spec.examples !== undefined)
		made.addHelpText('after', `\nExamples:\n${spec.examples.map((line) => `  ${line.replace(' -- ', ` ${dashes} `)}`).join('\n')}`);
	if (spec.subcommands !== undefined) {
		made.helpCommand(false);
		for (const [index, sub] of spec.subcommands.entries())
			made.addCommand(command(sub, [...path, sub.name], platform, understood), { isDefault: index === 0, hidden: sub.hidden === true });
		return made;
	}
	for (const place of places) made.argument(argument(place), place[1].description);
	made.allowExcessArguments(false).action((...given: unknown[]) => {
		const self = given.at(-1) as Command;
		const values = given.slice(0, -2) as (string | readonly string[] | undefined)[];
		understood({
			command: path,
			arguments: Object.fromEntries(places.map(([name], index) => [camel(name), values[index]])),
			flags: self.optsWithGlobals(),
		});
	});
	return made;
}

/** commander's complaint as ours. It writes `error: unknown option '--tol'` and then `(Did you mean --tool?)`. */
function complaint(error: CommanderError, argv: readonly string[], lost: string | undefined): CanonWifiError {
	const spec = argv.map((arg) => COMMANDS.find(({ name }) => name === arg)).find((one) => one !== undefined);
	const subcommand = spec?.subcommands?.find(({ name }) => argv.includes(name));
	const path = ['canon-wifi', spec?.name, subcommand?.name].filter((part) => part !== undefined).join(' ');
	const help = `\`${path} --help\` lists what it takes.`;
	const usage = (problem: string, meant: string | undefined, advice: string | undefined = undefined) =>
		new CanonWifiError('usage', {
			problem: printable(problem),
			next: [meant && `Did you mean ${printable(meant)}?`, advice, help].filter((part) => part !== undefined).join(' '),
		});

	if (error.code === 'commander.help') {
		const [first, asked] = argv.filter((arg) => !arg.startsWith('-'));
		if (first !== 'help' || asked === undefined) return usage('No command is given.', undefined);
		const known = COMMANDS.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
		return usage(`There is no command "${asked}".`, nearest(asked, known));
	}
	if (error.code === 'commander.excessArguments' && spec?.subcommands !== undefined && subcommand === undefined) {
		// commander takes a word that it does not know for an argument of the default command.
		const given = argv.slice(argv.indexOf(spec.name) + 1).find((arg) => !arg.startsWith('-')) ?? '';
		const names = spec.subcommands.map(({ name }) => name);
		const meant = nearest(given, names);
		return usage(`There is no command "${spec.name} ${given}".`, meant === undefined ? undefined : `${spec.name} ${meant}`);
	}
	const [line = '', ...more] = error.message.replace(/^error: /, '').split('\n');
	const problem = `${line.charAt(0).toUpperCase()}${line.slice(1)}`.replace(/([^.!?])$/, '$1.');
	const unknown = ['commander.unknownOption', 'commander.excessArguments'].includes(error.code);
	return usage(problem, /\(Did you mean (.*)\?\)/.exec(more.join(' '))?.[1], unknown ? lost : undefined);
}

/** The whole call, or a text that was asked for (help, version). Throws `usage`. */
export function parseCall(argv: readonly string[], version: string, columns: number, platform: string): Call | { print: string } {
	if (argv.length === 0) return { print: fitted(SHORT_HELP, columns) };
	// commander would count what follows `--` among the command's own arguments.
	const cut = argv.indexOf('--');
	const head = cut < 0 ? argv : argv.slice(0, cut);
	const rest = cut < 0 ? [] : argv.slice(cut + 1);

	let printed = '';
	let call: Omit<Call, 'rest'> | undefined;
	const program = new Command('canon-wifi')
		.description('Use a Canon camera from this computer over Wi-Fi: pairs it, connects a client, keeps it awake and unlocked.')
		.version(version, '-V, --version', 'the version')
		.helpOption('-h, --help', 'this help')
		.helpCommand('help [command]', 'help for a command')
		.exitOverride()
		.configureHelp({
			formatItem: helpRow,
			showGlobalOptions: true,
			subcommandTerm: (sub) =>
				`${sub.name()} ${sub.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`)).join(' ')}`.trim(),
		})
		.configureOutput({
			writeOut: (text) => {
				printed += text;
			},
			writeErr: () => {},
			getOutHelpWidth: () => columns,
			getErrHelpWidth: () => columns,
		});
	for (const [long, flag] of Object.entries<Flag>(GLOBAL_FLAGS)) program.addOption(option(long, flag));
	for (const spec of COMMANDS) {
		const made = command(spec, [spec.name], platform, (understood) => {
			call = understood;
		}).copyInheritedSettings(program);
		for (const sub of made.commands) sub.copyInheritedSettings(program);
		program.addCommand(made, { hidden: spec.hidden === true });
	}
	try {
		program.parse(head, { from: 'user' });
	} catch (error) {
		if (!(error instanceof CommanderError)) throw error;
		if (error.exitCode === 0) return { print: fitted(printed, columns) };
		throw complaint(error, head, lostDashes(argv, platform));
	}
	if (call === undefined) return { print: fitted(SHORT_HELP, columns) };
	if (cut >= 0 && COMMANDS.find((spec) => spec.name === call?.command[0])?.rest === undefined)
		throw new CanonWifiError('usage', {
			problem: `\`${call.command.join(' ')}\` takes nothing after "--".`,
			next: `Only ${PASSING.map((name) => `\`${name}\``).join(' and ')} ${PASSING.length === 1 ? 'passes' : 'pass'} arguments on to another program.`,
		});
	return { ...call, rest };
}
