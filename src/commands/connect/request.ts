/** From the flags of `connect` and the saved camera to one complete request. */
import { CanonWifiError } from '#contract/errors.ts';
import { chooseHeld, type HeldStatus } from '#contract/hold-status.ts';
import type { Profile } from '#contract/profile.ts';
import type { DiscoveryRequest } from '#discovery/flow.ts';
import type { CameraFilter } from '#discovery/rules/camera-selection.ts';
import { jobViaHold } from '#hold/via-hold.ts';
import type { Client, Job } from '#session/client.ts';
import type { ConnectingRequest } from '#session/connecting.ts';
import { clientFor, dryRun, jobFor, limits, type ShownCommand, shownCommand, wantedCamera } from '../shared/camera-request.ts';
import type { Context } from '../shared/context.ts';
import { resolveNetworkRequest, resolveThisComputer } from '../shared/network-request.ts';
import { profileToUse } from '../shared/profile-lookup.ts';
import { savedSigns } from '../shared/profile-update.ts';
import type { ConnectCall } from './flags.ts';

/** Everything that had to be known before anything is opened. */
export interface ConnectRequest extends Pick<ConnectingRequest, 'limitMs' | 'hintAfterMs' | 'reconnect'> {
	/** The saved camera, and whether it was named. */
	profile: Profile | undefined;
	named: boolean;
	/** Other saved cameras, which must not be taken for it. */
	others: readonly Profile[];
	wanted: CameraFilter;
	client: Client | null;
	/** The tool's own arguments. */
	args: readonly string[];
	job: Omit<Job, 'address'>;
	/** Only show the command, use a running hold, or wait for the camera on the network. */
	way: { shown: ShownCommand } | { held: HeldStatus; client: Client } | { discovery: DiscoveryRequest };
}

type ResolvingContext = Pick<
	Context,
	'networks' | 'emit' | 'identities' | 'profiles' | 'tools' | 'holds' | 'hostname' | 'prompt' | 'legacyUuidFile' | 'json' | 'terminal'
>;

/** Throws `noProfile`, `noHold`, and what finding the tool and the network throw. */
export async function resolveConnectRequest(call: ConnectCall, context: ResolvingContext): Promise<ConnectRequest> {
	const { flags } = call;
	const named = call.profile !== undefined;
	const profile = profileToUse(call.profile, context);
	const args = call.rest.length > 0 ? call.rest : (profile?.toolArgs ?? []);
	const others = named ? context.profiles.list().filter(({ id }) => id !== call.profile) : [];
	const wanted = wantedCamera(flags, profile, others);
	const client = await clientFor(flags, profile, args, context);
	const computer = resolveThisComputer(flags, profile, context);
	const held = client === null ? undefined : await heldCamera(flags, profile, context);
	const job = jobFor(flags, profile, { args, ...computer, purpose: 'session', talk: talkOf(client, args, context) });
	const request = { profile, named, others, wanted, client, args, job, ...limits(flags) };
	if (flags.dryRun === true) return { ...request, way: { shown: show(request, held, flags.camera) } };
	// What the tool would not understand is reported now, not when the camera has come.
	client?.describe({ ...job, address: wanted.address ?? profile?.lastAddress ?? '0.0.0.0' });
	if (client !== null && held !== undefined) return { ...request, way: { held, client } };
	return { ...request, way: { discovery: await resolveNetworkRequest(flags, [profile], computer, context) } };
}

function show(
	{ client, job, profile }: Omit<ConnectRequest, 'way'>,
	held: HeldStatus | undefined,
	camera: string | undefined,
): ShownCommand {
	if (client === null || held === undefined) return dryRun(client, job, camera ?? profile?.lastAddress);
	const through = jobViaHold(job, held);
	return shownCommand(client.describe(through), client.remark?.(through));
}

/** The camera that a running hold has, if it is the one that is wanted. Throws `noHold` when it must be. */
async function heldCamera(
	{ via, camera }: Pick<ConnectCall['flags'], 'via' | 'camera'>,
	profile: Profile | undefined,
	{ holds }: Pick<Context, 'holds'>,
): Promise<HeldStatus | undefined> {
	if (via === 'direct') return undefined;
	const saved = profile === undefined ? {} : { id: profile.id, ...savedSigns(profile) };
	const found = chooseHeld(await holds.list(), camera === undefined ? saved : { camera });
	if (found === undefined && via === 'hold') throw new CanonWifiError('noHold', { camera: whichOne(camera, profile) });
	return found;
}

function whichOne(address: string | undefined, profile: Profile | undefined): string {
	if (address !== undefined) return `the camera at ${address}`;
	return profile === undefined ? 'one camera alone' : `the camera "${profile.id}"`;
}

function talkOf(client: Client | null, args: readonly string[], { json, terminal }: Pick<Context, 'json' | 'terminal'>): Job['talk'] {
	if (json) return 'events';
	const interactive = args.length === 0 || client?.wantsTerminal(args) === true;
	return interactive && terminal ? 'terminal' : 'through';
}
