/**
 * Commands and their flags as data. Commander, the help, shell completion and the types of what a command is called with are
 * all made from it, so nothing about a flag is written twice.
 */

/** What a value is; `cli/program.ts` checks it, and completion offers what fits. */
export type ValueKind = 'text' | 'file' | 'dir' | 'port' | 'seconds' | 'count' | 'interface' | 'profile' | 'model' | 'setting';

/** One flag; its long name is its key in the table. `no-x` is the switch `x: false`. */
export interface Flag {
	short?: string;
	/** Name of the value in the help; absent for a switch. */
	value?: string;
	kind?: ValueKind;
	choices?: readonly string[];
	/** Value when the flag is not given. */
	default?: string | number;
	/** May be given more than once; the value is a list. */
	repeats?: true;
	description: string;
	/** Works, but is not shown: for tests, or only to be refused with a reason. */
	hidden?: true;
	/** Long name that the old helper scripts had for it: works, and is not shown. */
	oldName?: string;
}
/** Flags by their long names. */
export type Flags = Readonly<Record<string, Flag>>;

/** One argument. Its key in the table is its name in the call, and in the help unless `shown` says otherwise. */
export interface Argument {
	required?: true;
	/** Takes all that follow; the value is a list. */
	variadic?: true;
	shown?: string;
	kind?: ValueKind;
	choices?: readonly string[];
	description: string;
}
/** Arguments by their names, in order. */
export type Arguments = Readonly<Record<string, Argument>>;

/** One command, or a group of them: a group without a subcommand does its first one. */
export interface CommandSpec {
	name: string;
	summary: string;
	arguments?: Arguments;
	flags?: Flags;
	/** What may follow `--`, for the help; absent: nothing may. */
	rest?: string;
	/** What the flags do not say, a paragraph each. */
	notes?: readonly string[];
	examples?: readonly string[];
	hidden?: true;
	subcommands?: readonly CommandSpec[];
}

/** A table of flags with its exact type, for `InferFlags`. */
export function defineFlags<const F extends Flags>(flags: F): F {
	return flags;
}

/** A command with its exact type, for `CallOf`. */
export function defineCommand<const S extends CommandSpec>(spec: S): S {
	return spec;
}

/** Some flags of a table. */
export function pick<F extends Flags, K extends keyof F>(flags: F, ...names: readonly K[]): Pick<F, K> {
	return Object.fromEntries(names.map((name) => [name, flags[name]])) as Pick<F, K>;
}

/** A table without some of its flags. */
export function omit<F extends Flags, K extends keyof F>(flags: F, ...names: readonly K[]): Omit<F, K> {
	return Object.fromEntries(Object.entries(flags).filter(([name]) => !names.includes(name as never))) as Omit<F, K>;
}

/** `desc-port` as it is called in code: `descPort`. */
export type Camel<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;

/** `desc-port` as `descPort`. */
export function camel<S extends string>(name: S): Camel<S> {
	return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) as Camel<S>;
}

type ValueOf<F extends Flag> = F extends { repeats: true }
	? readonly string[]
	: F extends { choices: readonly (infer C)[] }
		? C
		: F extends { kind: 'port' | 'seconds' | 'count' }
			? number
			: F extends { value: string }
				? string
				: boolean;
type NameOf<L> = L extends `no-${infer Positive}` ? Camel<Positive> : L extends string ? Camel<L> : never;
type Flat<T> = { [K in keyof T]: T[K] };

/** What the flags of a table are when parsed: always there if they have a default, else maybe. */
export type InferFlags<F extends Flags> = Flat<
	{ [L in keyof F as F[L] extends { default: string | number } ? NameOf<L> : never]: ValueOf<F[L]> } & {
		[L in keyof F as F[L] extends { default: string | number } ? never : NameOf<L>]?: ValueOf<F[L]> | undefined;
	}
>;

type InferArguments<A extends Arguments> = {
	[N in keyof A as N extends string ? Camel<N> : never]: A[N] extends { variadic: true }
		? readonly string[]
		: A[N] extends { required: true }
			? string
			: string | undefined;
};

/** What a command is called with: its arguments by name, its flags, and what followed `--` if it takes that. */
export type CallOf<S extends CommandSpec> = Flat<
	(S extends { arguments: infer A extends Arguments } ? InferArguments<A> : unknown) &
		(S extends { flags: infer F extends Flags } ? { flags: InferFlags<F> } : unknown) &
		(S extends { rest: string } ? { rest: readonly string[] } : unknown)
>;

/** What a group is called with: `do` is the name of the subcommand. */
export type GroupCallOf<S extends { subcommands: readonly CommandSpec[] }> = SubcallOf<S['subcommands'][number]>;
type SubcallOf<S extends CommandSpec> = S extends CommandSpec ? Flat<{ do: S['name'] } & CallOf<S>> : never;
