/** `connect`: wait for a paired camera and start the tool on it. */

import { CanonWifiError, EXIT } from '#contract/errors.ts';
import { chooseHeld, type HeldStatus } from '#contract/hold-status.ts';
import type { Profile } from '#contract/profile.ts';
import { warning } from '#contract/warnings.ts';
import type { Found } from '#discovery/watching.ts';
import { connectViaHold, jobViaHold } from '#hold/via-hold.ts';
import type { Client, Job } from '#session/client.ts';
import { type Connected, connect } from '#session/connecting.ts';
import {
	answeringRequest,
	type CameraFlags,
	clientFor,
	computerName,
	dryRun,
	jobFor,
	limits,
	type NetworkFlags,
	networkFor,
	networkOrFail,
	shownAs,
	wantedCamera,
	wantedNetwork,
} from '../shared/camera-request.ts';
import type { Deps, Outcome } from '../shared/deps.ts';
import { askNetwork, choosing } from '../shared/network.ts';
import { noteOldUuid } from '../shared/old-uuid.ts';
import { savedSigns } from '../shared/remember.ts';
import { keep, profileToUse, tellMissing, tellOther } from '../shared/which-camera.ts';

export interface ConnectCall {
	profile: string | undefined;
	flags: NetworkFlags & CameraFlags;
	/** The tool's own arguments. */
	args: readonly string[];
}

/** Runs the command. Its exit code is the tool's own when the tool ran with arguments. */
export async function run(call: ConnectCall, deps: Deps): Promise<Outcome> {
	const { flags } = call;
	const profile = profileToUse(call.profile, deps);
	const args = call.args.length > 0 ? call.args : (profile?.toolArgs ?? []);
	const others = call.profile === undefined ? [] : deps.profiles.list().filter(({ id }) => id !== call.profile);
	const wanted = wantedCamera(flags, profile, others);
	const client = await clientFor(flags, profile, args, deps);
	const identity = deps.identities.load();
	const name = computerName(flags.name, [profile?.name, identity.name], deps);
	const talk = talkOf(client, args, deps);
	const held = client === null ? undefined : await heldCamera(flags, profile, deps);
	const job = jobFor(flags, profile, { args, identity, name, purpose: 'session', talk });
	if (flags.dryRun === true) {
		const through = client !== null && held !== undefined ? jobViaHold(job, held) : undefined;
		const { text, found } =
			client !== null && through !== undefined
				? shownAs(client.describe(through), client.remark?.(through))
				: dryRun(client, job, flags, profile);
		if (!deps.json) deps.out(text);
		return { exitCode: EXIT.done, found };
	}
	// What the tool would not understand is told now, not when the camera has come.
	client?.describe({ ...job, address: wanted.address ?? profile?.lastAddress ?? '0.0.0.0' });
	if (client !== null && held !== undefined) return viaHold(held, client, job, profile, call, args, deps);
	const wantedNet = wantedNetwork(flags, [profile]);
	const choice = networkFor(wantedNet, deps);
	const network = 'ask' in choice && deps.conversation ? await askNetwork(choice.ask, deps.asking) : networkOrFail(choice);
	noteOldUuid(identity, deps);
	deps.emit({ type: 'instruction', step: 'openMenu', text: menuSteps(name, profile !== undefined) });

	const tool = client?.tool ?? null;
	let used = profile;
	const ended = await connect(
		{
			answering: answeringRequest(flags, { network, wanted: wantedNet }, identity, name),
			wanted,
			lastAddress: profile?.lastAddress ?? null,
			client,
			job,
			...limits(flags),
		},
		{ ...deps, ...choosing(deps) },
		deps.emit,
		deps.signal,
		{
			onCamera: (camera) => (client === null ? untilStopped(camera, deps) : undefined),
			onConnected: (camera, learnt) => {
				used = keep(used, call.profile !== undefined, camera, learnt, deps);
			},
			onOther: ({ address, mac }) =>
				tellOther(
					'connect',
					[profile],
					others.find((one) => one.mac === mac),
					address,
					deps,
				),
			onMissing: (missing) => tellMissing(missing, deps),
		},
	);
	return outcomeOf(ended, tool, args, deps);
}

/** What a person must do meanwhile, and may have done already. Menu texts are Canon's English ones. */
function menuSteps(name: string, paired: boolean): string {
	const unlisted = paired ? '' : ', or "Add a Device..." if it is not in the list';
	return `On the camera, open the Wi-Fi menu, choose the computer, then "${name}"${unlisted}.`;
}

/** The camera that a running hold has, if it is the one that is meant. Throws `noHold` when it must be. */
async function heldCamera(flags: CameraFlags, profile: Profile | undefined, deps: Pick<Deps, 'holds'>): Promise<HeldStatus | undefined> {
	if (flags.via === 'direct') return undefined;
	const wish = profile === undefined ? {} : { id: profile.id, ...savedSigns(profile) };
	const found = chooseHeld(await deps.holds.list(), flags.camera === undefined ? wish : { camera: flags.camera });
	if (found === undefined && flags.via === 'hold') throw new CanonWifiError('noHold', { camera: whichOne(flags.camera, profile) });
	return found;
}

function whichOne(address: string | undefined, profile: Profile | undefined): string {
	if (address !== undefined) return `the camera at ${address}`;
	return profile === undefined ? 'one camera alone' : `the camera "${profile.id}"`;
}

/** The same through a hold: the camera is not lost when the tool ends. */
async function viaHold(
	held: HeldStatus,
	client: Client,
	job: Omit<Job, 'address'>,
	profile: Profile | undefined,
	{ flags, profile: named }: ConnectCall,
	args: readonly string[],
	deps: Deps,
): Promise<Outcome> {
	const camera: Found = { address: held.camera ?? held.address, mac: held.mac, maker: null, because: 'profile' };
	const status = async () =>
		(await deps.holds.list()).flatMap(({ cameras }) => cameras).find(({ address, port }) => address === held.address && port === held.port);
	const ports = { clock: deps.clock, status };
	const end = await connectViaHold({ held, client, job, ...limits(flags) }, ports, deps.emit, deps.signal, (learnt) => {
		keep(profile, named !== undefined, camera, learnt, deps);
	});
	return outcomeOf({ camera, end, learnt: end.learnt }, client.tool, args, deps);
}

function talkOf(client: Client | null, args: readonly string[], deps: Deps): Job['talk'] {
	if (deps.json) return 'events';
	const interactive = args.length === 0 || client?.wantsTerminal(args) === true;
	return interactive && deps.terminal ? 'terminal' : 'through';
}

/** `--tool none`: the camera is answered and its address told, for as long as the person wants. */
async function untilStopped(camera: Found, deps: Deps): Promise<void> {
	if (!deps.json) deps.out(`${camera.address}\n`);
	await deps.clock.sleep(2 ** 31 - 1, deps.signal);
	deps.signal.throwIfAborted();
}

/** A tool whose prompt takes Ctrl-C for its end leaves the cursor behind the prompt and the camera without a CloseSession. */
function tellInterrupted(tool: string | null, deps: Pick<Deps, 'emit'>): void {
	deps.emit(warning('stopped', { tool }));
}

function outcomeOf({ camera, end, learnt }: Connected, tool: string | null, args: readonly string[], deps: Pick<Deps, 'emit'>): Outcome {
	const found = { tool, camera: camera.address, mac: camera.mac, ...learnt };
	if (end === null) return { exitCode: EXIT.done, found };
	if (end.lost !== undefined) throw new CanonWifiError('sessionLost', { address: camera.address, why: end.lost });
	if (end.signal === 'SIGINT' || (args.length === 0 && end.exitCode === EXIT.interrupted)) {
		tellInterrupted(tool, deps);
		return { exitCode: EXIT.interrupted, found: { ...found, toolSignal: end.signal } };
	}
	if (args.length === 0) return { exitCode: EXIT.done, found };
	const code = end.exitCode ?? EXIT.lost;
	return { exitCode: code <= 63 ? code : EXIT.lost, found: { ...found, toolExitCode: end.exitCode, toolSignal: end.signal } };
}
