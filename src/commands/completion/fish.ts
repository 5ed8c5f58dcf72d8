/** Completion for fish, with descriptions. */
import { type Node, type Offer, SETTING_VALUES } from './tree.ts';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The completion script for fish. */
export function fishScript(nodes: readonly Node[]): string {
	const taking = [...new Set(nodes.flatMap(({ flags }) => flags.filter(({ value }) => value !== undefined).flatMap(({ names }) => names)))];
	const groups = nodes
		.filter(({ commands }) => commands.length > 0)
		.map(({ path, commands }) => `\t\t\tcase ${quoted(path)}\n\t\t\t\tset commands ${commands.map(({ name }) => name).join(' ')}`);
	return `# fish completion for canon-wifi. Save as ~/.config/fish/completions/canon-wifi.fish
# Prints the command that is being written, and the number of its arguments so far; "@rest" when another program's arguments follow.
function __canon_wifi_place
	set -l place
	set -l args 0
	set -l skip 0
	for word in (commandline -opc)[2..-1]
		if test $skip = 1
			set skip 0
			continue
		end
		if test "$word" = --
			echo @rest
			return
		end
		if string match -q -- '-*' $word
			contains -- $word ${taking.map(quoted).join(' ')}; and set skip 1
			continue
		end
		set -l commands
		switch "$place"
${groups.join('\n')}
		end
		if contains -- $word $commands
			set place (string trim -- "$place $word")
		else
			set args (math $args + 1)
		end
	end
	echo "$place"
	echo $args
end
function __canon_wifi_at
	set -l place (__canon_wifi_place)
	test "$place[1]" = "$argv[1]"; or return 1
	test (count $argv) = 1; and return 0
	test "$argv[2]" = '*'; or test "$place[2]" = "$argv[2]"
end
function __canon_wifi_names
	set -l words (commandline -opc)
	$words[1] __complete $argv[1] 2>/dev/null
end
complete -c canon-wifi -f
complete -c canon-wifi -n '__canon_wifi_at @rest' -F
${nodes.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, commands, flags, arguments: all, variadic }: Node): string[] {
	const complete = (condition: string, rest: string): string =>
		`complete -c canon-wifi -n ${quoted(`__canon_wifi_at ${condition}`)} ${rest}`;
	const here = quoted(path);
	return [
		...commands.map(({ name, summary }) => complete(`${here} 0`, `-a ${name} -d ${quoted(summary)}`)),
		...flags.map(({ names, description, value }) => {
			const spelt = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
			return complete(here, `${spelt} -d ${quoted(description)}${value === undefined ? '' : ` ${completes(value)}`}`);
		}),
		...all.map((offer, index) =>
			complete(
				`${here} ${variadic && index === all.length - 1 ? "'*'" : index}`,
				offer.offer === 'files' ? '-F' : completes(offer).replace(/^-x ?/, ''),
			),
		),
	].filter((line) => !line.endsWith(' '));
}

function completes(offer: Offer): string {
	switch (offer.offer) {
		case 'words':
			return `-x -a ${quoted(offer.words.join(' '))}`;
		case 'files':
			return '-r -F';
		case 'folders':
			return "-x -a '(__fish_complete_directories)'";
		case 'profiles':
		case 'interfaces':
		case 'models':
			return `-x -a '(__canon_wifi_names ${offer.offer})'`;
		case 'settings':
			return `-x -a ${quoted(SETTING_VALUES.flatMap(([key, values]) => (values.length === 0 ? [`${key}=`] : values.map((value) => `${key}=${value}`))).join(' '))}`;
		case 'nothing':
			return '-x';
	}
}
