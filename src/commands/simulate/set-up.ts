/** From the flags of `simulate` to how a simulated camera is switched on. */
import { CanonWifiError } from '#contract/errors.ts';
import { requireIpv4 } from '#network/rules/networks.ts';
import type { Context } from '../shared/context.ts';
import { PRESSED_AFTER_SECONDS } from '../shared/flags.ts';
import { networkFor, networkOrFail, wantedNetwork } from '../shared/network-request.ts';
import type { SimulateFlags } from './flags.ts';

/** How a camera is switched on. Times in milliseconds; absent: what the camera does by itself. */
export type CameraSetUp = ReturnType<typeof setUpOf>;

/** Flags as the camera's set-up; `person`: somebody is at the keys. Throws `notIpv4`, `noInterface`, `noNetwork`, `missingAnswer` or `usage`. */
export function setUpOf(flags: SimulateFlags, context: Pick<Context, 'networks' | 'emit'>, person = false) {
	if (flags.address !== undefined && flags.interface !== undefined)
		throw new CanonWifiError('usage', { problem: 'Both --address and --interface are given.', next: 'Give one of them.' });
	if (flags.rate === 0)
		throw new CanonWifiError('usage', { problem: 'Nothing moves at --rate 0.', next: 'Give bytes per second, at least 1.' });
	const { pick } = flags;
	const selectAfter = flags.selectAfter ?? (person && pick === undefined ? undefined : PRESSED_AFTER_SECONDS);
	const confirmAfter = flags.confirmAfter ?? (person ? undefined : PRESSED_AFTER_SECONDS);
	const { media, state, model, os, rate, seed, flow, ptpipPort, ssdpPort, descriptionPort, iminkPort } = flags;
	return {
		address: addressOf(flags, context),
		scenario: flags.scenario,
		beforeSet: flags.beforeSet,
		contentType: flags.contentType,
		idleMs: flags.idleTimeout * 1000,
		chdk: flags.chdk !== false,
		portDelayMs: flags.portDelay * 1000,
		busyMs: flags.busy * 1000,
		faults: flags.fault ?? [],
		survive: flags.survive === true,
		...given({ media, state, model, os, rate, seed, flow, ptpipPort, ssdpPort, descriptionPort, iminkPort }),
		...given({
			/** Who presses SET by itself; absent: a person at the keys. */
			autoSet: selectAfter === undefined ? undefined : { afterMs: selectAfter * 1000, ...given({ pick }) },
			/** Presses OK by itself; absent: a person at the keys. */
			confirmAfterMs: confirmAfter === undefined ? undefined : confirmAfter * 1000,
		}),
	};
}

function addressOf(flags: Pick<SimulateFlags, 'address' | 'interface'>, context: Pick<Context, 'networks' | 'emit'>): string {
	const { address } = flags;
	// Any address of 127.0.0.0/8 will do, though the system lists only the first.
	if (address !== undefined && requireIpv4(address, '--address').startsWith('127.')) return address;
	return networkOrFail(networkFor(wantedNetwork(flags, []), context)).address;
}

/** An object without what is undefined in it, so that it can be laid over defaults. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ReturnType<typeof given<T>>;
}
