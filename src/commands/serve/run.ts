/** `serve`: only answer cameras, in place of the old helper scripts and with their options. */
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import { startAnswering } from '#discovery/answering.ts';
import { tellFaults } from '#discovery/finding.ts';
import { CameraWatch } from '#discovery/watching.ts';
import type { Context, Outcome } from '../shared/context.ts';
import { HINT_AFTER_MS, resolveNetworkRequest, resolveThisComputer } from '../shared/network-request.ts';
import { warnStillWaiting } from '../shared/profile-lookup.ts';
import { choosing } from '../shared/questions.ts';
import type { ServeCall } from './flags.ts';

export const needs = [
	'emit',
	'prompt',
	'signal',
	'hostname',
	'clock',
	'networks',
	'responder',
	'descriptionServer',
	'holders',
	'identities',
	'legacyUuidFile',
] as const;

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
	const answering = await startAnswering(request, context, context.emit, (seen) => {
		if (seen.type === 'outside') watch.seen(seen); // which of the others is the camera is of no interest here
	});
	watch.explainBy(answering);
	const ended = new AbortController();
	const hints = { everyMs: HINT_AFTER_MS, onMissing: warnStillWaiting(context) };
	const hinting = tellFaults(watch, hints, context.clock, ended.signal);
	try {
		await context.clock.sleep(flags.timeout === undefined ? Number.POSITIVE_INFINITY : flags.timeout * 1000, context.signal);
		context.signal.throwIfAborted();
		return { exitCode: EXIT.done };
	} finally {
		ended.abort();
		await hinting;
		await answering.close();
	}
}
