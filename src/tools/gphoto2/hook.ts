/**
 * gphoto2's hook script. gphoto2 runs with our settings and in English, but the script is the user's and wants the user's own
 * home and language. It also should not be called in attempts that the camera refused: gphoto2 calls it before it connects, and at the
 * end. So gphoto2 is given a script of ours, which keeps the calls until the camera has taken the connection.
 */
import { quoteArg } from '#base/text.ts';
import type { PreparedFile, ToolPaths } from '../tool.ts';
import { lastOf, readOptions, withValue } from './options.ts';

const OPTION = 'hook-script';

/** The user's hook script as ARGS name it: the last one counts. */
export const hookScript = (args: readonly string[]): string | undefined => lastOf(readOptions(args), OPTION)?.value;

/** ARGS with another hook script. */
export const withHookScript = (args: readonly string[], script: string): string[] => withValue(args, OPTION, script);

/** Our script. */
export const hookPath = (folder: string): string => `${folder}/hook`;
/** The sign that the camera has taken the connection. */
export const connectedPath = (folder: string): string => `${folder}/connected`;

/** Called with this instead of an action, our script makes up for the calls that it kept. */
export const KEPT = 'kept';

/** gphoto2's exit code when its hook script failed at `init` (main.c). */
export const INIT_FAILED = 3;

/**
 * Our script. Calls before the connection are kept, one a line, and are made up for in their order when it is there. When
 * `init` fails then, gphoto2 is to end as it would have done: nothing more is called, and our script ends with `INIT_FAILED`.
 * @param changed names of the variables that gphoto2 gets from us
 */
export function hookFile(script: string, changed: readonly string[], { folder, env }: ToolPaths): PreparedFile {
	const restored = changed.map((name) => {
		const value = env[name];
		return value === undefined ? `unset ${name}` : `export ${name}=${quoteArg(value)}`;
	});
	// A name without a slash is a file of the current folder for gphoto2, and would be looked up on PATH here.
	const own = quoteArg(script.includes('/') ? script : `./${script}`);
	const content = `#!/bin/sh
here=${quoteArg(folder)}
tab=$(printf '\\t')
failed() { [ -e "$here/init-failed" ] && { [ "$1" = ${KEPT} ] && exit ${INIT_FAILED}; exit 1; }; }
failed "$1"
[ "$1" = ${KEPT} ] || [ -e "$here/connected" ] || { printf '%s\\t%s\\n' "$ACTION" "$ARGUMENT" >> "$here/calls"; exit 0; }
tries=0
until mkdir "$here/calling" 2> /dev/null || [ "$tries" -ge 200 ]; do tries=$((tries + 1)); sleep 0.05; done
trap 'rmdir "$here/calling" 2> /dev/null' EXIT
# gphoto2's own call may have made up for them meanwhile.
failed "$1"
${restored.join('\n')}
if [ -e "$here/calls" ]; then
	mv "$here/calls" "$here/making-up"
	while IFS="$tab" read -r action argument; do
		ACTION="$action" ARGUMENT="$argument" ${own} < /dev/null || {
			[ "$action" = init ] || continue
			: > "$here/init-failed"
			printf 'Hook script "%s" init failed. Aborting.\\n' ${quoteArg(script)} >&2
			exit ${INIT_FAILED}
		}
	done < "$here/making-up"
fi
[ "$1" = ${KEPT} ] || ${own}
`;
	return { path: hookPath(folder), content, mode: 0o700 };
}
