/** `hold`: be the camera's one client, and let every client on this computer use it. */

import type { Open } from '#base/clock.ts';
import { isLoopback } from '#base/ipv4-literal.ts';
import { printable } from '#base/text.ts';
import type { HoldStatus } from '#contract/hold-status.ts';
import type { Identity } from '#contract/identity.ts';
import type { Profile } from '#contract/profile.ts';
import { macToKeep } from '#contract/same-camera.ts';
import { warning } from '#contract/warnings.ts';
import type { HoldWish } from '#hold/hold-request.ts';
import { hold } from '#hold/holding.ts';
import type { Share, Sharing } from '#hold/ports.ts';
import { gphoto2Port, listenAddress, reachedAt } from '#hold/rules/listen.ts';
import { chooseNetwork, isUp } from '#network/rules/choosing-network.ts';
import { type NetworkInterface, sameSubnet } from '#network/rules/networks.ts';
import { PTPIP_PORT } from '#protocol/ptpip/packet.ts';
import {
	answeringRequest,
	computerName,
	HINT_AFTER_MS,
	networkFor,
	networkOrFail,
	wantedCamera,
	wantedNetwork,
} from '../shared/camera-request.ts';
import type { Deps, Outcome } from '../shared/deps.ts';
import { askNetwork, choosing } from '../shared/network.ts';
import { noteOldUuid } from '../shared/old-uuid.ts';
import { isOtherCamera } from '../shared/remember.ts';
import { keep, tellMissing, tellOther } from '../shared/which-camera.ts';
import { besideCamera, chosenProfiles, type HoldCall, keepAliveFlag, passThroughFlag, refuseHeld, usage } from './flags.ts';

/** A program of the user's that runs while the camera is held. */
export interface CommandRun {
	/** Its exit code, 128 + n for a signal. Rejects with `usage` when it cannot be started. */
	readonly ended: Promise<number>;
	stop(): Promise<void>;
}

/** Shows what goes on, beside the events. */
export interface HoldView {
	close(): void;
}

export interface HoldDeps extends Deps {
	sharing: Sharing;
	pid: number;
	/** Why a command cannot be started, a sentence part; nothing when it can. */
	commandProblem(file: string): Promise<string | undefined>;
	runCommand(command: readonly string[], env: Readonly<Record<string, string>>): CommandRun;
	view(status: () => HoldStatus): HoldView;
}

/** The command has ended, and with it the hold. */
class CommandEnded extends Error {
	readonly exitCode: number;
	constructor(exitCode: number) {
		super('the command has ended');
		this.exitCode = exitCode;
	}
}

/** Holds until the signal, or until CMD ends; its exit code is then CMD's. */
export async function run(call: HoldCall, deps: HoldDeps): Promise<Outcome> {
	const { flags, command } = call;
	const saved = chosenProfiles(call, deps);
	if (command.length > 0 && saved.length > 1)
		throw usage('A command can run with one camera only, and several are to be held.', 'Name one, or leave the command out.');
	const listen = listenAddress(flags.listen, flags.allowRemote === true);
	if (flags.listen !== undefined && saved.length > 1 && listen.port !== 0)
		throw usage('One --listen port cannot serve several cameras.', 'Leave it out, or give port 0: each camera gets a free one.');
	const keepalive = keepAliveFlag(flags.keepalive);
	const passThrough = passThroughFlag(flags.passThrough);
	if (saved.length > 1 && flags.camera !== undefined)
		throw usage('--camera names one camera, and several are to be held.', 'Leave it out.');
	const [file] = command;
	const problem = file === undefined ? undefined : await deps.commandProblem(file);
	if (problem !== undefined) throw usage(`${printable(file ?? '')} cannot be run: ${problem}.`, 'Correct what follows "--".');
	await refuseHeld(saved, flags, deps);

	const [first] = saved;
	const others = call.profiles.length === 0 ? [] : deps.profiles.list().filter(({ id }) => !saved.some((one) => one?.id === id));
	const identity = deps.identities.load();
	const name = computerName(flags.name, [first?.name, identity.name], deps);
	const choice = networkFor(wantedNetwork(flags, saved), deps);
	const network = 'ask' in choice && deps.conversation ? await askNetwork(choice.ask, deps.asking) : networkOrFail(choice);
	noteOldUuid(identity, deps);
	tellElsewhere(saved, network, flags, deps);
	if (!isLoopback(listen.address)) deps.emit(warning('openToAll', { address: listen.address }));

	const cameras = saved.map(
		(profile): HoldWish => ({
			share: {
				id: profile?.id ?? null,
				...besideCamera(listen, network, flags),
				passThrough,
				waitClients: flags.waitClients === true,
				keepalive: keepalive ?? (profile?.keepalive === 'never' ? 'off' : 'auto'),
			},
			wanted: wantedCamera(flags, profile, others),
			lastAddress: profile?.lastAddress ?? null,
			job: {
				port: flags.cameraPort ?? PTPIP_PORT,
				identity,
				name,
				os: flags.os ?? profile?.os ?? 'auto',
				unlock: flags.unlock ?? profile?.unlock ?? 'auto',
			},
		}),
	);
	return holdThem(cameras, saved, others, call, { network, identity, name }, deps);
}

/** Warns about cameras that were last used on another network: one responder serves all cameras, on one network. */
function tellElsewhere(
	saved: readonly (Profile | undefined)[],
	network: NetworkInterface,
	flags: HoldCall['flags'],
	deps: Pick<Deps, 'networks' | 'emit'>,
): void {
	if (saved.length < 2 || flags.interface !== undefined || flags.address !== undefined || flags.bindAll === true) return;
	const networks = deps.networks.list();
	for (const profile of saved) {
		if (profile?.interface == null || !isUp(networks, profile.interface)) continue;
		const choice = chooseNetwork(networks, wantedNetwork({}, [profile]));
		if ('ask' in choice || choice.chosen.address === network.address || sameSubnet(network, choice.chosen.address)) continue;
		const { name, address } = choice.chosen;
		const used = { interface: network.name, address: network.address };
		deps.emit(warning('otherNetwork', { profile: profile.id, last: { interface: name, address }, used }));
	}
}

async function holdThem(
	cameras: readonly HoldWish[],
	saved: readonly (Profile | undefined)[],
	others: readonly Profile[],
	{ flags, command, profiles }: HoldCall,
	{ network, identity, name }: { network: NetworkInterface; identity: Identity; name: string },
	deps: HoldDeps,
): Promise<Outcome> {
	const ending = new AbortController();
	let running: CommandRun | undefined;
	// The command first, so that it does not lose its camera under its hands.
	const stop = () => void Promise.resolve(running?.stop()).finally(() => ending.abort(deps.signal.reason));
	deps.signal.addEventListener('abort', stop, { once: true });
	const began = deps.clock.now();
	let shares: readonly Share[] = [];
	const used = [...saved];
	const told = new Set<Profile | undefined>();
	const ids = saved.map((profile) => profile?.id ?? null);
	const macs: (string | null)[] = saved.map((profile) => profile?.mac ?? null);
	const status = (): HoldStatus => ({
		v: 1,
		pid: deps.pid,
		age: Math.round((deps.clock.now() - began) / 1000),
		cameras: shares.map((share, index) => ({ ...share.status(), id: ids[index] ?? null, mac: macs[index] ?? null })),
	});
	let announced: Open | undefined;
	let view: HoldView | undefined;
	try {
		if (deps.signal.aborted) stop();
		return await hold(
			{
				answering: answeringRequest(flags, { network, wanted: wantedNetwork(flags, saved) }, identity, name),
				cameras,
				// Without a command a hold waits for its camera as long as it takes.
				limitMs: command.length > 0 || flags.timeoutGiven ? flags.timeout * 1000 : Number.POSITIVE_INFINITY,
				hintAfterMs: HINT_AFTER_MS,
			},
			{ ...deps, ...choosing(deps) },
			deps.emit,
			ending.signal,
			{
				onShared: (opened) => {
					shares = opened;
					view = deps.view(status);
					void deps.holds.announce(status).then((one) => {
						announced = one;
						if (ending.signal.aborted) void one.close();
					});
				},
				onConnected: (index, camera, learnt) => {
					macs[index] = macToKeep(macs[index] ?? null, camera);
					const kept = keep(used[index], profiles.length > 0, camera, learnt, deps);
					const other = kept !== undefined && isOtherCamera(kept, camera, learnt);
					if (!other) used[index] = kept;
					// Under the name of a profile only the profile's camera is found.
					ids[index] = other ? null : (kept?.id ?? null);
				},
				onHeld: (index) => {
					const share = shares[index];
					if (command.length === 0 || running !== undefined || share === undefined) return;
					running = deps.runCommand(command, environment(share));
					running.ended.then(
						(exitCode) => ending.abort(deps.signal.aborted ? deps.signal.reason : new CommandEnded(exitCode)),
						(error: unknown) => ending.abort(error),
					);
				},
				onOther: (_index, { address, mac }) => {
					const other = others.find((one) => one.mac === mac);
					if (told.has(other)) return; // each of several that wait notices it
					told.add(other);
					tellOther('hold', saved, other, address, deps);
				},
				onMissing: (index, missing) => tellMissing(missing, deps, saved.length > 1 ? saved[index] : undefined),
			},
		);
	} catch (error) {
		if (!(error instanceof CommandEnded)) throw error;
		return { exitCode: error.exitCode, found: { toolExitCode: error.exitCode } };
	} finally {
		deps.signal.removeEventListener('abort', stop);
		ending.abort();
		await running?.stop();
		view?.close();
		await announced?.close();
	}
}

/** What CMD finds in its environment. */
function environment({ address, port }: Share): Record<string, string> {
	return {
		CANON_WIFI_GPHOTO2_PORT: gphoto2Port(address, port),
		CANON_WIFI_HOST: reachedAt(address),
		CANON_WIFI_PORT: String(port),
	};
}
