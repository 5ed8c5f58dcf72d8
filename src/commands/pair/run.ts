/** `pair`: the guide through "Add a Device...", one connection to learn about the camera, and the saved profile. */

import { commandLine } from '#base/text.ts';
import { CanonWifiError, EXIT, Stopped } from '#contract/errors.ts';
import type { Identity } from '#contract/identity.ts';
import { TOOLS } from '#contract/names.ts';
import { type Profile, profileIdProblem } from '#contract/profile.ts';
import { warning } from '#contract/warnings.ts';
import { nameSuffices } from '#network/rules/choosing-network.ts';
import { connect } from '#session/connecting.ts';
import {
	answeringRequest,
	clientFor,
	computerName,
	dryRun,
	jobFor,
	limits,
	networkFor,
	networkOrFail,
	wantedCamera,
	wantedNetwork,
} from '../shared/camera-request.ts';
import type { Deps, Outcome } from '../shared/deps.ts';
import { choosing } from '../shared/network.ts';
import { noteOldUuid } from '../shared/old-uuid.ts';
import { Reads } from '../shared/reads.ts';
import { isOtherCamera } from '../shared/remember.ts';
import { tellMissing } from '../shared/which-camera.ts';
import { askName, askOldUuid, askTool, greet, settleNetwork, sumUp } from './ask.ts';
import { flagsGiven, sameCall } from './same-call.ts';
import { save, saveNamed } from './save-camera.ts';
import type { PairFlags, Settled } from './settings.ts';

export interface PairCall {
	profile: string | undefined;
	flags: PairFlags;
}

/** Runs the command. */
export async function run({ profile: id, flags }: PairCall, deps: Deps): Promise<Outcome> {
	const problem = id === undefined ? undefined : profileIdProblem(id);
	if (problem !== undefined)
		throw new CanonWifiError('usage', { problem: `A profile cannot be called "${id}": ${problem}.`, next: 'Choose another name.' });
	const before = id === undefined ? undefined : deps.profiles.get(id);
	const wanted = wantedCamera(flags, undefined);
	if (flags.dryRun === true) return showOnly(flags, before, deps);

	let kept = '';
	let saved: Profile | undefined;
	const reads = new Reads();
	try {
		if (deps.conversation) await greet();
		const settled = await settle(flags, before, deps, (what) => {
			kept = what;
		});
		const job = jobFor(flags, before, { args: [], identity: settled.identity, name: settled.name, purpose: 'learn', talk: 'events' });
		deps.emit({ type: 'instruction', step: 'openMenu', text: menuSteps(settled.name) });
		const { camera, learnt } = await connect(
			{
				answering: answeringRequest(
					flags,
					{ network: settled.network, wanted: wantedNetwork(flags, [before]) },
					settled.identity,
					settled.name,
				),
				wanted,
				client: settled.client,
				job,
				...limits(flags),
				reconnect: false,
			},
			{ ...deps, ...choosing(deps) },
			(event) => {
				reads.on(event);
				// It may have another name or address meanwhile.
				if (event.type === 'ready') settled.network = { ...settled.network, name: event.interface, address: event.address };
				deps.emit(event);
			},
			deps.signal,
			{
				onCamera: async (found) => {
					const text = `On the camera, choose "${settled.name}" and press SET, then wait for "Connected to device".`;
					deps.emit({ type: 'instruction', step: 'pressSet', text });
					if (settled.client !== null) return;
					saved = await saveNamed(id, found, null, settled, flags, deps);
					await reads.again(found.address, deps);
				},
				// Saved at once: whatever happens after this, the camera is known. Unless its name is another camera's.
				onConnected: (found, facts) => {
					if (settled.before === undefined || !isOtherCamera(settled.before, found, facts))
						saved = save(id, found, facts, settled, flags, deps);
				},
				onMissing: (missing) => tellMissing(missing, deps),
			},
		);
		saved ??= await saveNamed(id, camera, learnt, settled, flags, deps);
		await tellEnd(saved, settled, flags, deps);
		return { exitCode: EXIT.done, found: { profile: saved.id } };
	} catch (error) {
		if (error instanceof Stopped) tellKept(kept, saved, deps);
		throw error;
	}
}

/** Answers from flags, else by questions where there is a person, else by what makes sense. */
async function settle(flags: PairFlags, before: Profile | undefined, deps: Deps, kept: (what: string) => void): Promise<Settled> {
	const asks = deps.conversation;
	const choice = networkFor(wantedNetwork(flags, [before]), deps);
	const network = asks ? await settleNetwork(choice, deps.columnsNow(), deps.asking) : networkOrFail(choice);
	let identity = deps.identities.load();
	kept("this computer's identity");
	identity = await settleOldUuid(identity, deps);
	const suggested = computerName(flags.name, [before?.name, identity.name], {
		...deps,
		...(asks && flags.name === undefined ? { emit: () => {} } : {}),
	});
	const name = asks && flags.name === undefined ? computerName(await askName(suggested, deps.asking), [], deps) : suggested;
	if (identity.name !== name) {
		identity = { ...identity, name };
		deps.identities.save(identity);
	}
	kept(`this computer's identity and its name "${name}"`);
	const findings = asks && flags.tool === undefined ? await Promise.all(TOOLS.map((tool) => deps.tools.find(tool))) : [];
	const tool = asks && flags.tool === undefined ? await askTool(findings, before?.tool, deps.asking) : flags.tool;
	const client = await clientFor({ ...flags, ...(tool === undefined ? {} : { tool }) }, before, [], deps);
	return { network, identity, name, client, tool: client?.tool ?? 'none', before };
}

async function settleOldUuid(identity: Identity, deps: Deps): Promise<Identity> {
	const old = deps.oldUuidFile();
	if (old === undefined || old.uuid === identity.uuid) return identity;
	// Cameras paired with this computer's own UUID would forget it, so it is only offered while there are none.
	if (!deps.conversation || deps.profiles.list().length > 0) {
		noteOldUuid(identity, deps);
		return identity;
	}
	if (!(await askOldUuid(old.file, deps.asking))) return identity;
	const taken = { ...identity, uuid: old.uuid };
	deps.identities.save(taken);
	return taken;
}

async function showOnly(flags: PairFlags, before: Profile | undefined, deps: Deps): Promise<Outcome> {
	const client = await clientFor(flags, before, [], deps);
	const identity = deps.identities.load();
	const name = computerName(flags.name, [before?.name, identity.name], deps);
	const job = jobFor(flags, before, { args: [], identity, name, purpose: 'learn', talk: 'events' });
	const { text, found } = dryRun(client, job, flags, before);
	if (!deps.json) deps.out(text);
	return { exitCode: EXIT.done, found };
}

/** Menu texts are Canon's English ones; where the Wi-Fi menu is differs between models. */
function menuSteps(name: string): string {
	return [
		'On the camera:',
		'1. In playback, open the Wi-Fi menu and choose the computer.',
		'2. Choose "Add a Device..." and this network.',
		`3. Wait until "${name}" is in the list.`,
	].join('\n');
}

async function tellEnd(profile: Profile, settled: Settled, flags: PairFlags, deps: Deps): Promise<void> {
	const next = commandLine('canon-wifi', ['connect', profile.id, ...flagsGiven({ 'config-dir': flags.configDir })], deps.platform);
	const call = sameCall(profile.id, settled, flags, nameSuffices(deps.networks.list(), settled.network));
	const same = commandLine('canon-wifi', call, deps.platform);
	const saved = `Saved as "${profile.id}".`;
	if (deps.conversation) await sumUp({ saved, next, same }, deps.out);
	else if (!deps.json) deps.out(`${saved} Next time: ${next}\n`);
}

function tellKept(kept: string, saved: Profile | undefined, deps: Deps): void {
	deps.emit(warning('stopped', saved === undefined ? { kept } : { saved: saved.id }));
}
