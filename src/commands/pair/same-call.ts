/** A call of `pair` in words: what was answered, as flags. */
import { PTPIP_PORT } from '#protocol/ptpip/packet.ts';
import type { PairFlags, Settled } from './settings.ts';

/** Defaults of `--max-age` (seconds) and of the SSDP port: not worth repeating. */
const MAX_AGE = 900;
const SSDP_PORT = 1900;

/**
 * The call that asks nothing and does the same: the answers, and the flags that were given by hand.
 * `nameSuffices`: the network's name alone tells which address is meant.
 */
export function sameCall(id: string, { network, name, tool }: Settled, flags: PairFlags, nameSuffices = true): string[] {
	return [
		'pair',
		id,
		...flagsGiven({
			...(flags.address === undefined && nameSuffices
				? { interface: network.name }
				: { interface: flags.interface, address: flags.address ?? network.address }),
			name,
			tool,
			'tool-path': flags.toolPath,
			os: flags.os,
			unlock: flags.unlock,
			keepalive: flags.keepalive,
			camera: flags.camera,
			'camera-port': flags.cameraPort === PTPIP_PORT ? undefined : flags.cameraPort,
			'desc-port': flags.descPort,
			'desc-path': flags.descPath,
			'max-age': flags.maxAge === MAX_AGE ? undefined : flags.maxAge,
			'bind-all': flags.bindAll,
			'ssdp-port': flags.ssdpPort === SSDP_PORT ? undefined : flags.ssdpPort,
			timeout: flags.timeoutGiven ? flags.timeout : undefined,
			'config-dir': flags.configDir,
		}),
		'--no-input',
	];
}

/** `--flag value` of all that are set. */
export function flagsGiven(flags: Readonly<Record<string, string | number | boolean | undefined>>): string[] {
	return Object.entries(flags).flatMap(([flag, value]) =>
		value === undefined || value === false ? [] : [`--${flag}`, ...(value === true ? [] : [String(value)])],
	);
}
