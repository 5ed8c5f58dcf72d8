/** Completion for bash, also the 3.2 of macOS. */
import { argumentCases, type Node, quoted, SETTING_VALUES, valueCases } from './tree.ts';

/** The completion script for bash. */
export function bashScript(nodes: readonly Node[]): string {
	const commands = nodes
		.filter((node) => node.commands.length > 0)
		.map(({ path, commands: all }) => `\t\t${quoted(path)}) printf '%s' ${quoted(all.map(({ name }) => name).join(' '))} ;;`);
	const flags = nodes.map(
		(node) => `\t\t${quoted(node.path)}) printf '%s' ${quoted(node.flags.flatMap(({ names }) => names).join(' '))} ;;`,
	);
	return `# bash completion for canon-wifi. Put into ~/.bashrc: source <(canon-wifi completion bash)
_canon_wifi_commands() {
	case "$1" in
${commands.join('\n')}
	esac
}
_canon_wifi_flags() {
	case "$1" in
${flags.join('\n')}
	esac
}
# What may follow a flag; fails for a switch.
_canon_wifi_value() {
	case "$1 $2" in
${valueCases(nodes).join('\n')}
		*) return 1 ;;
	esac
}
_canon_wifi_argument() {
	case "$1 $2" in
${argumentCases(nodes).join('\n')}
	esac
}
_canon_wifi() {
	local cur="\${COMP_WORDS[COMP_CWORD]}" place='' flag='' word kind offered='' i args=0
	local IFS=$' \\t\\n'
	COMPREPLY=()
	# bash takes "--tool=x" apart into "--tool", "=" and "x".
	for ((i = 1; i < COMP_CWORD; i++)); do
		word="\${COMP_WORDS[i]}"
		if [[ $word == '=' ]]; then continue; fi
		if [[ -n $flag ]]; then flag=''; continue; fi
		if [[ $word == '--' ]]; then
			COMPREPLY=($(compgen -f -- "$cur"))
			return
		elif [[ $word == -* ]]; then
			if _canon_wifi_value "$place" "$word" > /dev/null; then flag="$word"; fi
		elif [[ " $(_canon_wifi_commands "$place") " == *" $word "* ]]; then
			place="\${place:+$place }$word"
		else
			args=$((args + 1))
			if [[ \${COMP_WORDS[i + 1]} == '=' ]]; then flag="$word="; fi
		fi
	done
	if [[ $cur == '=' ]]; then cur=''; fi
	if [[ -n $flag ]]; then
		kind="$(_canon_wifi_value "$place" "$flag")"
	elif [[ $cur == -* ]]; then
		kind="words $(_canon_wifi_flags "$place")"
	else
		kind="$(_canon_wifi_argument "$place" "$args")"
		if [[ -z $kind ]]; then kind="words $(_canon_wifi_commands "$place")"; fi
	fi
	case "$kind" in
		files) compopt -o filenames 2> /dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$cur")); return ;;
		folders) compopt -o filenames 2> /dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -d -- "$cur")); return ;;
		profiles | interfaces | models) offered="$("\${COMP_WORDS[0]}" __complete "$kind" 2> /dev/null)" ;;
		settings) compopt -o nospace 2> /dev/null; offered=${quoted(SETTING_VALUES.map(([key]) => `${key}=`).join(' '))} ;;
		words*) offered="\${kind#words}" ;;
	esac
	COMPREPLY=($(compgen -W "$offered" -- "$cur"))
}
complete -F _canon_wifi canon-wifi
`;
}
