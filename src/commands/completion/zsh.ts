/** Completion for zsh, with descriptions. */
import { argumentCases, type Node, quoted, SETTING_VALUES, valueCases } from './tree.ts';

/** `name:description` for `_describe`, where a colon in the name is escaped. */
const described = (name: string, description: string): string => quoted(`${name.replaceAll(':', '\\:')}:${description}`);

/** The completion script for zsh. */
export function zshScript(nodes: readonly Node[]): string {
	const commands = nodes
		.filter((node) => node.commands.length > 0)
		.map(
			({ path, commands: all }) => `\t\t${quoted(path)}) reply=(${all.map(({ name, summary }) => described(name, summary)).join(' ')}) ;;`,
		);
	const flags = nodes.map(
		(node) =>
			`\t\t${quoted(node.path)}) reply=(${node.flags.flatMap(({ names, description }) => names.map((name) => described(name, description))).join(' ')}) ;;`,
	);
	return `#compdef canon-wifi
# zsh completion for canon-wifi. Save as _canon-wifi in a folder of $fpath, or: source <(canon-wifi completion zsh)
_canon_wifi_commands() {
	reply=()
	case "$1" in
${commands.join('\n')}
	esac
}
_canon_wifi_flags() {
	reply=()
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
	local place='' flag='' word kind
	local -a reply
	local -i i args=0
	for ((i = 2; i < CURRENT; i++)); do
		word="\${words[i]}"
		if [[ -n $flag ]]; then flag=''; continue; fi
		if [[ $word == '--' ]]; then _files; return; fi
		if [[ $word == -* ]]; then
			if [[ $word != *=* ]] && _canon_wifi_value "$place" "$word" > /dev/null; then flag="$word"; fi
			continue
		fi
		_canon_wifi_commands "$place"
		if (( \${reply[(I)$word:*]} )); then place="\${place:+$place }$word"; else args+=1; fi
	done
	word="\${words[CURRENT]}"
	if [[ -z $flag && $word == --*=* ]]; then
		flag="\${word%%=*}"
		compset -P '*='
	fi
	if [[ -n $flag ]]; then
		kind="$(_canon_wifi_value "$place" "$flag")"
	elif [[ $word == -* ]]; then
		_canon_wifi_flags "$place"
		_describe -o option reply
		return
	else
		kind="$(_canon_wifi_argument "$place" "$args")"
	fi
	if [[ $kind == settings && $word == *=* ]]; then
		kind="$(_canon_wifi_value "$place" "\${word%%=*}=")"
		compset -P '*='
	fi
	case "$kind" in
		files) _files ;;
		folders) _files -/ ;;
		profiles | interfaces | models) compadd -- \${(f)"$("\${words[1]}" __complete "$kind" 2> /dev/null)"} ;;
		settings) compadd -S '' -- ${SETTING_VALUES.map(([key]) => `${key}=`).join(' ')} ;;
		words*) compadd -- \${=kind#words} ;;
		'') _canon_wifi_commands "$place"; if (( $#reply )); then _describe command reply; fi ;;
	esac
}
if [[ $funcstack[1] == _canon-wifi ]]; then _canon_wifi "$@"; else compdef _canon_wifi canon-wifi; fi
`;
}
