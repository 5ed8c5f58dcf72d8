/** A `--` that did not arrive, although the caller wrote it: PowerShell drops a bare one (base/text.ts says when). */
import { COMMANDS } from './table.ts';

/** Advice for a call that was not understood or names no camera, if a lost `--` may be the reason. */
export function lostDashes(argv: readonly string[], platform: string): string | undefined {
	const command = argv.map((arg) => COMMANDS.find(({ name }) => name === arg)).find((one) => one !== undefined);
	if (platform !== 'win32' || command?.rest === undefined || argv.includes('--')) return undefined;
	return 'If this was meant to follow --: PowerShell drops a bare --, so write "--" with the quotes, or run canon-wifi.cmd.';
}
