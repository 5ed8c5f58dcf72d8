/**
 * Completion for PowerShell, 5.1 and 7. The commands go in as JSON: a hash table would take `-p` and `-P` for one. A completer
 * registered with -Native is also asked for commands that declare no parameters, like npm's canon-wifi.ps1, and is found by the
 * command's name with or without folder and extension (PowerShell's CompletionCompleters.cs).
 */
import { type Node, offerWord, SETTING_VALUES } from './tree.ts';

/** The completion script for PowerShell. */
export function powershellScript(nodes: readonly Node[]): string {
	const data = nodes.map(({ path, commands, flags, arguments: all, variadic }) => ({
		path,
		commands,
		flags: flags.flatMap(({ names, description, value }) =>
			names.map((name) => ({ name, description, value: value === undefined ? '' : offerWord(value) })),
		),
		arguments: all.map(offerWord),
		variadic,
	}));
	const settings = SETTING_VALUES.flatMap(([key, values]) =>
		values.length === 0 ? [`${key}=`] : values.map((value) => `${key}=${value}`),
	);
	return `# PowerShell completion for canon-wifi. Put into $PROFILE: canon-wifi completion powershell | Out-String | Invoke-Expression
$script:CanonWifiNodes = ConvertFrom-Json @'
${JSON.stringify(data)}
'@
Register-ArgumentCompleter -Native -CommandName 'canon-wifi' -ScriptBlock {
	param($wordToComplete, $commandAst, $cursorPosition)
	# Without its quotes a word is what the program gets. PowerShell drops a bare --, so it is written "--".
	$words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object {
		if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
	})
	$node = $script:CanonWifiNodes | Where-Object { $_.path -ceq '' }
	$arguments = 0
	$value = ''
	foreach ($word in ($words | Select-Object -Skip 1)) {
		if ($value) { $value = ''; continue }
		if ($word -ceq '--') { return }
		if ($word.StartsWith('-')) {
			$flag = $node.flags | Where-Object { $_.name -ceq $word }
			if ($flag) { $value = $flag.value }
			continue
		}
		$place = ($node.path + ' ' + $word).Trim()
		$next = $script:CanonWifiNodes | Where-Object { $_.path -ceq $place }
		if ($next) { $node = $next } else { $arguments++ }
	}
	$offered = @()
	$kind = $value
	if (-not $kind -and $wordToComplete.StartsWith('-')) {
		$offered = @($node.flags | ForEach-Object { @{ text = $_.name; tip = $_.description } })
	} elseif (-not $kind) {
		$count = @($node.arguments).Count
		if ($node.variadic -and $arguments -ge $count) { $arguments = $count - 1 }
		if ($arguments -lt $count) { $kind = @($node.arguments)[$arguments] }
		else { $offered = @($node.commands | ForEach-Object { @{ text = $_.name; tip = $_.summary } }) }
	}
	if ($kind -like 'words *') { $offered = @($kind.Substring(6).Split(' ') | ForEach-Object { @{ text = $_; tip = $_ } }) }
	elseif ($kind -ceq 'settings') { $offered = @('${settings.join(' ')}'.Split(' ') | ForEach-Object { @{ text = $_; tip = $_ } }) }
	elseif ($kind -ceq 'profiles' -or $kind -ceq 'interfaces' -or $kind -ceq 'models') {
		$offered = @(& $words[0] __complete $kind 2> $null | ForEach-Object { @{ text = $(if ($_ -match '\\s') { "'$_'" } else { $_ }); tip = $_ } })
	}
	# Files and folders: PowerShell completes them by itself when nothing is offered.
	$offered | Where-Object { $_.text -like "$wordToComplete*" } | ForEach-Object {
		[System.Management.Automation.CompletionResult]::new($_.text, $_.text, 'ParameterValue', $_.tip)
	}
}
`;
}
