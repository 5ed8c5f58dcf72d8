/** A run of `pair` as the command that does the same without questions, made from the table of its flags. */
import type { NetworkInterface } from '#network/rules/networks.ts';
import { type CommandSpec, camel, type Flag, type Flags, omit, pick } from '../shared/command-line.ts';
import { GLOBAL_FLAGS } from '../shared/flags.ts';
import type { PairFlags } from './flags.ts';

const NETWORK = ['interface', 'address'] as const;

/** The flags of `pair`, from the table of all commands. */
export function flagsOf(commands: readonly CommandSpec[]): Flags {
	return commands.find(({ name }) => name === 'pair')?.flags ?? {};
}

/** The flags that were given or answered, as words, except those of the network. */
export function repeatedFlags(table: Flags, flags: PairFlags, configDir: string | undefined): string[] {
	return [...wordsOf(omit(table, ...NETWORK, 'dry-run'), flags), ...settingsWords(configDir)];
}

/** `--config-dir`, if it was given: every later command needs it too. */
export function settingsWords(configDir: string | undefined): string[] {
	return wordsOf(pick(GLOBAL_FLAGS, 'config-dir'), { configDir });
}

/** What was given by hand: the network, and everything else as words. */
export interface Given {
	interface: string | undefined;
	address: string | undefined;
	others: readonly string[];
}

/**
 * The command that asks nothing and does the same. `network`: where the camera came. `nameSuffices`: its name alone says which
 * address is meant.
 */
export function equivalentCommand(
	id: string,
	given: Given,
	network: Pick<NetworkInterface, 'name' | 'address'>,
	nameSuffices: boolean,
): string[] {
	const byName = given.address === undefined && nameSuffices;
	const where = byName
		? ['--interface', network.name]
		: [...(given.interface === undefined ? [] : ['--interface', given.interface]), '--address', given.address ?? network.address];
	return ['pair', id, ...where, ...given.others, '--no-input'];
}

/** `--flag value` of all that are set to anything but the default. */
function wordsOf(flags: Flags, values: Readonly<Record<string, unknown>>): string[] {
	return Object.entries(flags).flatMap(([long, flag]: [string, Flag]) => {
		const value = values[camel(long)];
		if (value === undefined || value === false || value === flag.default) return [];
		return value === true ? [`--${long}`] : [`--${long}`, String(value)];
	});
}
