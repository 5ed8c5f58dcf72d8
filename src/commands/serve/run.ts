/** `serve`: only answer cameras, in place of the old helper scripts and with their options. */
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import { CameraWatch } from '#discovery/camera-watch.ts';
import { startDiscovery } from '#discovery/discovering.ts';
import { reportFaults } from '#discovery/finding.ts';
import type { Diagnosis } from '#discovery/rules/hints.ts';
import {
	computerName,
	discoveryRequest,
	HINT_AFTER_MS,
	type NetworkFlags,
	networkFor,
	networkOrFail,
	wantedNetwork,
} from '../shared/camera-request.ts';
import type { Deps, Outcome } from '../shared/deps.ts';
import { askNetwork, choosing } from '../shared/network.ts';
import { noteOldUuid } from '../shared/old-uuid.ts';
import { tellMissing } from '../shared/which-camera.ts';

export interface ServeCall {
	lanIp: string | undefined;
	flags: Omit<NetworkFlags, 'ssdpPort'> & { port: number; startDesc: boolean; ipv6?: boolean /** Seconds. */; timeout?: number };
}

/** Answers until the signal, or until the time is up. */
export async function run({ lanIp, flags }: ServeCall, deps: Omit<Deps, 'tools' | 'profiles' | 'holds'>): Promise<Outcome> {
	if (flags.ipv6 === true)
		throw new CanonWifiError('usage', {
			problem: 'IPv6 is not served: no camera has ever been seen to try it.',
			next: 'Leave -6 out and give an IPv4 address.',
		});
	if (lanIp !== undefined && flags.address !== undefined && lanIp !== flags.address)
		throw new CanonWifiError('usage', { problem: `Both ${lanIp} and --address ${flags.address} are given.`, next: 'Give one of them.' });
	const wanted = wantedNetwork({ ...flags, ...(lanIp === undefined ? {} : { address: lanIp, addressFlag: 'LAN_IP' }) }, []);
	const choice = networkFor(wanted, deps);
	const identity = deps.identities.load();
	const name = computerName(flags.name, [identity.name], deps);
	const network = 'ask' in choice && deps.conversation ? await askNetwork(choice.ask, deps.asking) : networkOrFail(choice);
	noteOldUuid(identity, deps);
	const watch = new CameraWatch({ ...deps, ...choosing(deps) });
	const request = discoveryRequest({ ...flags, ssdpPort: flags.port }, { network, wanted }, identity, name, flags.startDesc);
	const discovery = await startDiscovery(request, deps, deps.emit, {
		observe: (what) => {
			if (what.type === 'outside') watch.observe(what); // which of the others is the camera is of no interest here
		},
	});
	watch.explainBy(discovery);
	const ended = new AbortController();
	const onStillWaiting = (diagnosis: Diagnosis) => tellMissing(diagnosis, deps);
	const telling = reportFaults(watch, { everyMs: HINT_AFTER_MS, onStillWaiting }, deps.clock, ended.signal);
	try {
		await deps.clock.sleep(flags.timeout === undefined ? Number.POSITIVE_INFINITY : flags.timeout * 1000, deps.signal);
		deps.signal.throwIfAborted();
		return { exitCode: EXIT.done };
	} finally {
		ended.abort();
		await telling;
		await discovery.close();
	}
}
