/** From the flags of `pair` and a person's answers to one complete request. After this nobody looks at a flag or asks about the set-up. */
import { CanonWifiError } from '#contract/errors.ts';
import type { Identity } from '#contract/identity.ts';
import { TOOLS } from '#contract/names.ts';
import { type Profile, profileIdProblem, type ToolChoice } from '#contract/profile.ts';
import type { DiscoveryRequest } from '#discovery/flow.ts';
import type { CameraFilter } from '#discovery/rules/camera-selection.ts';
import type { CameraProxyOptions } from '#hold/ports.ts';
import { DEFAULT_LISTEN } from '#hold/rules/listen.ts';
import type { NetworkInterface } from '#network/rules/networks.ts';
import type { Client, Job } from '#session/client.ts';
import type { ConnectingRequest } from '#session/connecting.ts';
import { besideCamera } from '../hold/options.ts';
import { clientFor, dryRun, jobFor, limits, type ShownCommand, wantedCamera } from '../shared/camera-request.ts';
import type { CommandSpec } from '../shared/command-line.ts';
import type { Context } from '../shared/context.ts';
import { warnOfLegacyUuid } from '../shared/legacy-uuid.ts';
import {
	computerName,
	discoveryRequest,
	networkFor,
	networkOrFail,
	resolveThisComputer,
	wantedNetwork,
} from '../shared/network-request.ts';
import type { PairQuestions } from './ask.ts';
import { flagsOf, type Given, repeatedFlags } from './equivalent-command.ts';
import type { AfterPairing, PairCall, PairFlags } from './flags.ts';

/** Everything that had to be known before anything is opened. */
export interface PairRequest extends Pick<ConnectingRequest, 'limitMs' | 'hintAfterMs'> {
	/** Name to save the camera under; absent: made from its model. */
	id: string | undefined;
	/** What was saved under that name before. */
	before: Profile | undefined;
	discovery: DiscoveryRequest;
	wanted: CameraFilter;
	client: Client | null;
	job: Omit<Job, 'address'>;
	/** What the profile is to hold, where it was chosen. */
	chosen: { tool: ToolChoice } & Pick<PairFlags, 'os' | 'toolPath' | 'unlock' | 'keepalive'>;
	/** Our own session keeps the camera for what is done with it then; absent: the tool connects by itself, and the camera is left. */
	keep: { proxy: CameraProxyOptions; after: AfterPairing | undefined; to: string | undefined } | undefined;
	/** For the equivalent command. */
	given: Given;
}

type PairContext = Pick<
	Context,
	'networks' | 'emit' | 'identities' | 'profiles' | 'tools' | 'hostname' | 'prompt' | 'legacyUuidFile' | 'configDir'
> & { commands: readonly CommandSpec[] };

/** What was saved under the name, and the camera that is wanted. Throws `usage` for a name that cannot be one, and `notIpv4`. */
export function checkCall(
	{ profile: id, flags }: PairCall,
	{ profiles, prompt }: Pick<Context, 'profiles' | 'prompt'>,
): Pick<PairRequest, 'before' | 'wanted'> {
	const asks = prompt !== undefined;
	const problem = id === undefined ? undefined : profileIdProblem(id);
	if (problem !== undefined)
		throw new CanonWifiError('usage', { problem: `A profile cannot be called "${id}": ${problem}.`, next: 'Choose another name.' });
	const leaves = flags.via === 'direct' ? '--via direct' : flags.tool === 'none' ? '--tool none' : undefined;
	if (leaves !== undefined && flags.then !== undefined && flags.then !== 'leave')
		throw new CanonWifiError('usage', {
			problem: `With ${leaves} the camera is left once it is saved, so --then ${flags.then} cannot follow.`,
			next: 'Leave one of the two out.',
		});
	if (flags.then === 'pull' && flags.to === undefined && !asks)
		throw new CanonWifiError('usage', { problem: '--then pull needs a folder to copy to.', next: 'Add --to DIR.' });
	return { before: id === undefined ? undefined : profiles.get(id), wanted: wantedCamera(flags, undefined) };
}

/**
 * Answers from flags, else by questions where there is a person, else by what makes sense. Calls `onSaved` with what
 * was saved so far, in words: a person may leave in the middle.
 */
export async function resolvePairRequest(
	{ profile: id, flags }: PairCall,
	{ before, wanted }: Pick<PairRequest, 'before' | 'wanted'>,
	ask: PairQuestions | undefined,
	context: PairContext,
	onSaved: (what: string) => void,
): Promise<PairRequest> {
	const network = wantedNetwork(flags, [before]);
	const choice = networkFor(network, context);
	const chosenNetwork = ask === undefined ? networkOrFail(choice) : await ask.network(choice);
	const loaded = context.identities.load();
	onSaved("this computer's identity");
	const identity = await resolveLegacyUuid(loaded, ask, context);
	const asksName = ask !== undefined && flags.name === undefined;
	const suggested = computerName(flags.name, [before?.name, identity.name], asksName ? { ...context, emit: () => {} } : context);
	const name = asksName ? computerName(await ask.name(suggested), [], context) : suggested;
	const computer = { identity: { ...identity, name }, name };
	if (identity.name !== name) context.identities.save(computer.identity);
	onSaved(`this computer's identity and its name "${name}"`);
	const tool: ToolChoice | undefined =
		ask !== undefined && flags.tool === undefined
			? await ask.tool(await Promise.all(TOOLS.map((one) => context.tools.find(one))), before?.tool)
			: flags.tool;
	const client = await clientFor({ ...flags, tool }, before, [], context);
	const chosen: PairRequest['chosen'] = {
		tool: client?.tool ?? 'none',
		os: flags.os,
		toolPath: flags.toolPath,
		unlock: flags.unlock,
		keepalive: flags.keepalive,
	};
	const { limitMs, hintAfterMs } = limits(flags);
	return {
		id,
		before,
		discovery: discoveryRequest(flags, { network: chosenNetwork, wanted: network }, computer),
		wanted,
		client,
		job: jobFor(flags, before, { args: [], ...computer, purpose: 'learn', talk: 'events' }),
		limitMs,
		hintAfterMs,
		chosen,
		keep: client === null || flags.via === 'direct' ? undefined : keepOf(flags, chosenNetwork, before),
		given: {
			interface: flags.interface,
			address: flags.address,
			others: repeatedFlags(flagsOf(context.commands), { ...flags, name, tool: chosen.tool }, context.configDir),
		},
	};
}

/** Where our session is shared while the camera is kept, and what is done with it. Throws `usage` where there is no folder to copy to. */
function keepOf(flags: PairFlags, network: NetworkInterface, before: Profile | undefined): NonNullable<PairRequest['keep']> {
	const keepalive = (flags.keepalive ?? before?.keepalive) === 'never' ? 'off' : 'auto';
	return {
		proxy: { id: null, ...besideCamera(DEFAULT_LISTEN, network, flags), passThrough: new Set(), waitClients: true, keepalive },
		after: flags.then,
		to: flags.to,
	};
}

/** The command that would use the camera, without asking or saving anything. */
export async function resolveDryRun({ flags }: PairCall, before: Profile | undefined, context: PairContext): Promise<ShownCommand> {
	const client = await clientFor(flags, before, [], context);
	const computer = resolveThisComputer(flags, before, context);
	const job = jobFor(flags, before, { args: [], ...computer, purpose: 'learn', talk: 'events' });
	return dryRun(client, job, flags.camera ?? before?.lastAddress);
}

async function resolveLegacyUuid(identity: Identity, ask: PairQuestions | undefined, context: PairContext): Promise<Identity> {
	const legacy = context.legacyUuidFile();
	if (legacy === undefined || legacy.uuid === identity.uuid) return identity;
	// Cameras paired with this computer's own UUID would forget it, so it is only offered while there are none.
	if (ask === undefined || context.profiles.list().length > 0) {
		warnOfLegacyUuid(identity, context);
		return identity;
	}
	if (!(await ask.legacyUuid(legacy.file))) return identity;
	const taken = { ...identity, uuid: legacy.uuid };
	context.identities.save(taken);
	return taken;
}
