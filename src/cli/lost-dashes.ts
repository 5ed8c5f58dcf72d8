/** A `--` that did not arrive, although the caller wrote it: PowerShell drops a bare one (core/text.ts says when). */
import { COMMANDS } from './table.ts';

/** What to say of a call that was not understood or names no camera, where that may be why. */
export function lostDashes(argv: readonly string[], platform: string): string | undefined {
	const command = argv.map((arg) => COMMANDS.find(({ name }) => name === arg)).find((one) => one !== undefined);
	if (platform !== 'win32' || command?.rest === undefined || argv.includes('--')) return undefined;
	return 'If this was meant to follow --: PowerShell drops a bare --, so write "--" with the quotes, or run canon-wifi.cmd.';
}
