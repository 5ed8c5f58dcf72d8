/** The scripts in the real shells: each is asked what it offers for a line that is being written. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '#cli/table.ts';
import { run as complete } from '#commands/completion/complete.ts';
import { run } from '#commands/completion/run.ts';
import { GLOBAL_FLAGS } from '#commands/shared/flags.ts';
import { newProfile } from '#contract/profile.ts';

async function script(shell: string): Promise<string> {
	let text = '';
	const out = (more: string) => {
		text += more;
	};
	await run({ shell }, { out, commands: COMMANDS, globalFlags: GLOBAL_FLAGS });
	return text;
}

/** A folder with two files, a folder, and a `canon-wifi` that only knows `__complete`. */
function workplace(): string {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'canon-wifi-shell-'));
	fs.writeFileSync(
		path.join(folder, 'canon-wifi'),
		'#!/bin/sh\n[ "$1 $2" = "__complete profiles" ] && printf "studio\\ngarden\\n"\n[ "$1 $2" = "__complete interfaces" ] && printf "wlan0\\neth0\\n"\n[ "$1 $2" = "__complete models" ] && printf "g9x\\nelph-340-hs\\n"\n',
		{ mode: 0o755 },
	);
	fs.mkdirSync(path.join(folder, 'photos'));
	fs.writeFileSync(path.join(folder, 'plan.json'), '{}');
	return folder;
}

function inShell(shell: string, args: readonly string[], cwd: string): string {
	const { stdout, stderr, error } = spawnSync(shell, [...args], {
		cwd,
		encoding: 'utf8',
		timeout: 20_000,
		env: { PATH: `${cwd}:${process.env.PATH}`, HOME: cwd, TERM: 'dumb', LC_ALL: 'C.UTF-8' },
	});
	if (error !== undefined) throw error;
	expect(stderr).toBe('');
	return stdout;
}

/** Asks bash by the function that it would call: words as bash has taken them apart. */
async function askBash(words: readonly string[]): Promise<string[]> {
	const folder = workplace();
	fs.writeFileSync(path.join(folder, 's.bash'), await script('bash'));
	const quoted = words.map((word) => `'${word}'`).join(' ');
	const ask = `source ./s.bash; COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _canon_wifi 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
	return lines(inShell('bash', ['--norc', '-c', ask], folder));
}

async function askFish(line: string): Promise<string[]> {
	const folder = workplace();
	fs.writeFileSync(path.join(folder, 's.fish'), await script('fish'));
	return lines(inShell('fish', ['--no-config', '-c', `source ./s.fish; complete -C '${line}'`], folder)).map(
		(offer) => offer.split('\t')[0] ?? '',
	);
}

/** A zsh of its own on a pseudo terminal (its `zpty`), where Ctrl-D lists what could follow. */
async function askZsh(line: string): Promise<string[]> {
	const folder = workplace();
	fs.writeFileSync(path.join(folder, '_canon-wifi'), await script('zsh'));
	fs.writeFileSync(
		path.join(folder, 'ask.zsh'),
		`zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell 'PS1= PS2= ; unsetopt zle_bracketed_paste; fpath=('$PWD' $fpath); autoload -Uz compinit; compinit -u -d ./dump; zstyle ":completion:*" list-grouped no; zstyle ":completion:*" verbose no; LISTMAX=10000; COLUMNS=40; LINES=500'
zpty -w shell 'list-them() { compstate[insert]=""; compstate[list]="list force"; }; TRAPEXIT() { :; }'
zpty -w shell 'compprefuncs=(); ask() { zle complete-word; }; capture() { compadd() { if [[ $* == *" -O "* || $* == *" -A "* || $* == *" -D "* ]]; then builtin compadd "$@"; else local -a found; builtin compadd -O found "$@"; print -rl -- $found >> ./offers; builtin compadd "$@"; fi; }; _main_complete; unfunction compadd; print done >> ./finished; }; zle -C capture complete-word capture; bindkey "^I" capture; print ready > ./ready'
until [[ -e ready ]]; do zpty -r -t shell dump_line 2>/dev/null; sleep 0.02; done
zpty -w -n shell ${`'${line}'`}$'\\t'
for ((n = 0; n < 500; n++)); do zpty -r -t shell dump_line 2>/dev/null; [[ -e finished ]] && break; sleep 0.02; done
zpty -d shell
[[ -e offers ]] && cat offers
:
`,
	);
	return [...new Set(lines(inShell('zsh', ['-f', 'ask.zsh'], folder)))];
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

interface Expected {
	line: string;
	/** As bash takes it apart, where that is not at the spaces. */
	bash?: readonly string[];
	offers: readonly string[];
	never?: readonly string[];
}

const EXPECTED: readonly Expected[] = [
	{ line: 'canon-wifi ', offers: COMMANDS.filter(({ hidden }) => hidden !== true).map(({ name }) => name), never: ['__complete'] },
	{ line: 'canon-wifi con', offers: ['connect'] },
	{ line: 'canon-wifi pair --to', offers: ['--tool', '--tool-path'] },
	{ line: 'canon-wifi pair --tool ', offers: ['gphoto2', 'chdkptp', 'builtin', 'none'] },
	{ line: 'canon-wifi pair --tool g', offers: ['gphoto2'], never: ['chdkptp'] },
	{ line: 'canon-wifi pair --tool=g', bash: ['canon-wifi', 'pair', '--tool', '=', 'g'], offers: ['gphoto2'] },
	{ line: 'canon-wifi --json connect ', offers: ['studio', 'garden'] },
	{ line: 'canon-wifi connect -n Living --unlock never st', offers: ['studio'], never: ['garden'] },
	{ line: 'canon-wifi serve -i ', offers: ['wlan0', 'eth0'] },
	{ line: 'canon-wifi simulate --model ', offers: ['g9x', 'elph-340-hs'], never: ['plan.json'] },
	{ line: 'canon-wifi profiles ', offers: ['list', 'show', 'set', 'rename', 'remove', 'export', 'import', 'path'] },
	{ line: 'canon-wifi profiles show ', offers: ['studio', 'garden'] },
	{ line: 'canon-wifi profiles set studio unl', offers: ['unlock='] },
	{
		line: 'canon-wifi profiles set studio os=dryos tool=chdk',
		bash: ['canon-wifi', 'profiles', 'set', 'studio', 'os', '=', 'dryos', 'tool', '=', 'chdk'],
		offers: ['chdkptp'],
	},
	{ line: 'canon-wifi profiles import pl', offers: ['plan.json'] },
	{ line: 'canon-wifi --config-dir p', offers: ['photos'], never: ['plan.json'] },
	{ line: 'canon-wifi connect studio -- p', offers: ['plan.json'] },
	{ line: 'canon-wifi completion ', offers: ['bash', 'zsh', 'fish', 'powershell'] },
	{ line: 'canon-wifi serve --i', offers: ['--interface', '--ipv4'], never: ['--ipv6'] },
];

/** A folder may be offered with a slash, a setting with its value. */
function holds(offers: readonly string[], wanted: string): boolean {
	return offers.some(
		(offer) =>
			offer === wanted || offer === `${wanted}/` || (wanted.endsWith('=') && offer.startsWith(wanted)) || offer.endsWith(`=${wanted}`),
	);
}

const installed = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

for (const [shell, ask] of [
	['bash', ({ line, bash }: Expected) => askBash(bash ?? line.split(' '))],
	['fish', ({ line }: Expected) => askFish(line)],
	['zsh', ({ line }: Expected) => askZsh(line)],
] as const) {
	describe(shell, () => {
		test.for(EXPECTED)('completes $line', async (expected, context) => {
			if (process.env.CI !== 'true' && !installed(shell)) context.skip(`${shell} is not installed`);
			const offers = await ask(expected);
			for (const wanted of expected.offers)
				expect(offers).toSatisfy((all: string[]) => holds(all, wanted), `${wanted} among ${offers.join(' ')}`);
			for (const unwanted of expected.never ?? []) expect(offers).not.toSatisfy((all: string[]) => holds(all, unwanted));
		});
	});
}

describe('completion', () => {
	test.each(['bash', 'zsh', 'fish', 'powershell'])('the script for %s names every flag and no hidden one', async (shell) => {
		const text = await script(shell);
		for (const { flags = {}, hidden } of COMMANDS)
			for (const [long, { hidden: secret }] of Object.entries(flags)) {
				const spelt = shell === 'fish' ? `-l ${long} ` : `--${long}`;
				if (hidden !== true && secret !== true) expect(text).toContain(spelt);
			}
		expect(text).not.toContain('camera-port');
		expect(text).not.toContain('undefined');
	});

	test('suggests a known shell for an unknown one', async () => {
		await expect(script('bahs')).rejects.toMatchObject({ exitCode: 64, next: 'Did you mean bash?' });
		await expect(script('tcsh')).rejects.toMatchObject({ exitCode: 64, next: 'Shells are: bash, zsh, fish, powershell.' });
		await expect(script('constructor')).rejects.toMatchObject({ exitCode: 64 });
	});

	test('prints profiles and interfaces, and nothing when they cannot be read', async () => {
		let text = '';
		const deps = {
			out: (more: string) => {
				text += more;
			},
			profiles: { list: () => [newProfile('studio', new Date(0)), newProfile('garden', new Date(0))] },
			networks: { list: () => [{ name: 'eth0' }, { name: 'eth0' }] as never },
			models: ['g9x'],
		};
		await complete({ what: 'profiles' }, deps);
		await complete({ what: 'interfaces' }, deps);
		await complete({ what: 'models' }, deps);
		await complete({ what: 'nonsense' }, deps);
		expect(text).toBe('studio\ngarden\neth0\ng9x\n');
		const damaged = () => {
			throw new Error('damaged');
		};
		expect(await complete({ what: 'profiles' }, { ...deps, profiles: { list: damaged } })).toEqual({ exitCode: 0 });
	});
});
