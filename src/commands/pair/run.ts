/** `pair`: the guide through "Add a Device...", one connection to learn about the camera, and the saved profile. */
import { commandLine } from '#base/text.ts';
import { EXIT, Stopped } from '#contract/errors.ts';
import type { Profile } from '#contract/profile.ts';
import { warning } from '#contract/warnings.ts';
import { nameSuffices } from '#network/rules/choosing-network.ts';
import { connect } from '#session/connecting.ts';
import { endLeftovers } from '../shared/camera-request.ts';
import type { CommandSpec } from '../shared/command-line.ts';
import type { Context, Outcome } from '../shared/context.ts';
import { warnStillWaiting } from '../shared/profile-lookup.ts';
import { isOtherCamera } from '../shared/profile-update.ts';
import { choosing } from '../shared/questions.ts';
import { greet, type PairQuestions, pairQuestions, sumUp } from './ask.ts';
import { equivalentCommand, settingsWords } from './equivalent-command.ts';
import type { PairCall } from './flags.ts';
import { checkCall, type PairRequest, resolveDryRun, resolvePairRequest } from './request.ts';
import { save, saveNamed } from './save-camera.ts';

export const needs = [
	'emit',
	'prompt',
	'out',
	'columnsNow',
	'json',
	'signal',
	'hostname',
	'platform',
	'clock',
	'networks',
	'flows',
	'tools',
	'endLeftovers',
	'profiles',
	'identities',
	'legacyUuidFile',
	'configDir',
	'commands',
] as const;

export type PairContext = Pick<Context & { commands: readonly CommandSpec[] }, (typeof needs)[number]>;

/** Runs the command. */
export async function run(call: PairCall, context: PairContext): Promise<Outcome> {
	const checked = checkCall(call, context);
	if (call.flags.dryRun === true) {
		const { text, found } = await resolveDryRun(call, checked.before, context);
		if (!context.json) context.out(text);
		return { exitCode: EXIT.done, found };
	}
	await endLeftovers(context);
	const progress: { kept: string; saved: Profile | undefined } = { kept: '', saved: undefined };
	try {
		const ask = context.prompt === undefined ? undefined : pairQuestions(context.prompt, context.columnsNow);
		if (ask !== undefined) await greet();
		const request = await resolvePairRequest(call, checked, ask, context, (kept) => {
			progress.kept = kept;
		});
		const saved = await pair(request, ask, context, (profile) => {
			progress.saved = profile;
		});
		return { exitCode: EXIT.done, found: { profile: saved.id } };
	} catch (error) {
		const { kept, saved } = progress;
		if (error instanceof Stopped) context.emit(warning('stopped', saved === undefined ? { kept } : { saved: saved.id }));
		throw error;
	}
}

/** Waits for the camera, connects once, and saves it. Calls `onSaved` as soon as it is. */
async function pair(
	request: PairRequest,
	ask: PairQuestions | undefined,
	context: PairContext,
	onSaved: (profile: Profile) => void,
): Promise<Profile> {
	const { emit } = context;
	const { name } = request.discovery;
	// The network may get another name or address while we wait.
	let network = request.discovery.network;
	let saved: Profile | undefined;
	emit({ type: 'instruction', step: 'openMenu', text: menuSteps(name) });
	const { camera, learnt } = await connect(
		{ ...request, reconnect: false },
		{ ...context, ...choosing(context.prompt) },
		(event) => {
			if (event.type === 'ready') network = { ...network, name: event.interface, address: event.address };
			emit(event);
		},
		context.signal,
		{
			onCamera: async (found, readAgain) => {
				const text = `On the camera, choose "${name}" and press SET, then wait for "Connected to device".`;
				emit({ type: 'instruction', step: 'pressSet', text });
				if (request.client !== null) return;
				saved = await saveNamed(request, { camera: found, learnt: null, network }, context, ask);
				onSaved(saved);
				await readAgain();
			},
			// Saved at once: whatever happens after this, the camera is known. Unless its name is another camera's.
			onConnected: (found, facts) => {
				if (request.before !== undefined && isOtherCamera(request.before, found, facts)) return;
				saved = save(request.id, request, { camera: found, learnt: facts, network }, context);
				onSaved(saved);
			},
			onStillWaiting: warnStillWaiting(context),
		},
	);
	saved ??= await saveNamed(request, { camera, learnt, network }, context, ask);
	onSaved(saved);
	await reportEnd(saved, request, network, context);
	return saved;
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

async function reportEnd(
	profile: Profile,
	{ given }: PairRequest,
	network: PairRequest['discovery']['network'],
	{ platform, configDir, networks, prompt, out, json }: PairContext,
): Promise<void> {
	const next = commandLine('canon-wifi', ['connect', profile.id, ...settingsWords(configDir)], platform);
	const words = equivalentCommand(profile.id, given, network, nameSuffices(networks.list(), network));
	const saved = `Saved as "${profile.id}".`;
	if (prompt !== undefined) await sumUp({ saved, next, same: commandLine('canon-wifi', words, platform) }, out);
	else if (!json) out(`${saved} Next time: ${next}\n`);
}
