/** `serve`: only answer cameras, in place of the old helper scripts and with their options. */
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import { CameraWatch } from '#discovery/camera-watch.ts';
import { startDiscovery } from '#discovery/discovering.ts';
import { reportFaults } from '#discovery/finding.ts';
import type { Context, Outcome } from '../shared/context.ts';
import { HINT_AFTER_MS, resolveNetworkRequest, resolveThisComputer } from '../shared/network-request.ts';
import { warnStillWaiting } from '../shared/profile-lookup.ts';
import { choosing } from '../shared/questions.ts';
import type { ServeCall } from './flags.ts';

export const needs = ['emit', 'prompt', 'signal', 'hostname', 'clock', 'networks', 'flows', 'identities', 'legacyUuidFile'] as const;

export type ServeContext = Pick<Context, (typeof needs)[number]>;

/** Answers until the signal, or until the time is up. */
export async function run({ lanIp, flags }: ServeCall, context: ServeContext): Promise<Outcome> {
	if (flags.ipv6 === true)
		throw new CanonWifiError('usage', {
			problem: 'IPv6 is not served: no camera has ever been seen to try it.',
			next: 'Leave -6 out and give an IPv4 address.',
		});
	if (lanIp !== undefined && flags.address !== undefined && lanIp !== flags.address)
		throw new CanonWifiError('usage', { problem: `Both ${lanIp} and --address ${flags.address} are given.`, next: 'Give one of them.' });
	const byHand = lanIp === undefined ? flags : { ...flags, address: lanIp, addressFlag: 'LAN_IP' };
	const request = await resolveNetworkRequest(
		{ ...byHand, ssdpPort: flags.port },
		[],
		resolveThisComputer(flags, undefined, context),
		context,
		flags.startDesc !== false,
	);
	const watch = new CameraWatch({ ...context, ...choosing(context.prompt) });
	const discovery = await startDiscovery(request, context, context.emit, {
		observe: (what) => {
			if (what.type === 'outside') watch.observe(what); // which of the others is the camera is of no interest here
		},
	});
	watch.explainBy(discovery);
	const ended = new AbortController();
	const hints = { everyMs: HINT_AFTER_MS, onStillWaiting: warnStillWaiting(context) };
	const hinting = reportFaults(watch, hints, context.clock, ended.signal);
	try {
		await context.clock.sleep(flags.timeout === undefined ? Number.POSITIVE_INFINITY : flags.timeout * 1000, context.signal);
		context.signal.throwIfAborted();
		return { exitCode: EXIT.done };
	} finally {
		ended.abort();
		await hinting;
		await discovery.close();
	}
}
