/** `pair`: the guide through "Add a Device...", the saved profile, and the camera in use until the person leaves it. */
import { commandLine } from '#base/text.ts';
import { EXIT, Stopped } from '#contract/errors.ts';
import type { Emit } from '#contract/events.ts';
import type { Profile } from '#contract/profile.ts';
import { warning } from '#contract/warnings.ts';
import type { DetectedCamera } from '#discovery/detected-camera.ts';
import type { CameraProxies } from '#hold/ports.ts';
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
import { type KeepSteps, type Kept, keepCamera } from './keep-camera.ts';
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
	'terminal',
	'holds',
	'proxies',
	'pid',
] as const;

export type PairContext = Pick<Context & { commands: readonly CommandSpec[]; proxies: CameraProxies; pid: number }, (typeof needs)[number]>;

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
		const { profile, exitCode } = await pair(request, ask, context, (saved) => {
			progress.saved = saved;
		});
		return { exitCode, found: { profile: profile.id } };
	} catch (error) {
		const { kept, saved } = progress;
		if (error instanceof Stopped) context.emit(warning('stopped', saved === undefined ? { kept } : { saved: saved.id }));
		throw error;
	}
}

/** Waits for the camera, saves it, and uses it as long as the person wants. Calls `onSaved` as soon as it is saved. */
async function pair(
	request: PairRequest,
	ask: PairQuestions | undefined,
	context: PairContext,
	onSaved: (profile: Profile) => void,
): Promise<Kept> {
	const { emit } = context;
	const { name } = request.discovery;
	// The network may get another name or address while we wait.
	let network = request.discovery.network;
	const report: Emit = (event) => {
		if (event.type === 'ready') network = { ...network, name: event.interface, address: event.address };
		emit(event);
	};
	const saving = (profile: Profile): Profile => {
		onSaved(profile);
		return profile;
	};
	const steps: KeepSteps = {
		found: () => {
			const text = `On the camera, choose "${name}" and press SET, then wait for "Connected to device".`;
			emit({ type: 'instruction', step: 'pressSet', text });
		},
		// Saved at once: whatever happens after this, the camera is known. Unless its name is another camera's.
		connected: (camera, info) => {
			if (request.before !== undefined && isOtherCamera(request.before, camera, info)) return undefined;
			return saving(save(request.id, request, { camera, learnt: info, network }, context));
		},
		save: async (camera, info) => saving(await saveNamed(request, { camera, learnt: info, network }, context, ask)),
	};
	emit({ type: 'instruction', step: 'openMenu', text: menuSteps(name) });
	const { client, keep } = request;
	const kept =
		client === null || keep === undefined
			? await connectOnce(request, context, report, steps, async (camera) =>
					saving(await saveNamed(request, { camera, learnt: null, network }, context, ask)),
				)
			: await keepCamera({ ...request, client, keep }, ask, context, report, steps);
	await reportEnd(kept.profile, request, network, context);
	return kept;
}

/** The tool makes the connection by itself, once, or with `--tool none` nobody does. */
async function connectOnce(
	request: PairRequest,
	context: PairContext,
	emit: Emit,
	steps: KeepSteps,
	saveUnknown: (camera: DetectedCamera) => Promise<Profile>,
): Promise<Kept> {
	let saved: Profile | undefined;
	const { camera, learnt } = await connect(
		{ ...request, reconnect: false },
		{ ...context, ...choosing(context.prompt) },
		emit,
		context.signal,
		{
			onCamera: async (found, readAgain) => {
				steps.found(found);
				if (request.client !== null) return;
				saved = await saveUnknown(found);
				await readAgain();
			},
			onConnected: (found, info) => {
				saved = steps.connected(found, info);
			},
			onStillWaiting: warnStillWaiting(context),
		},
	);
	saved ??= learnt === null ? await saveUnknown(camera) : await steps.save(camera, learnt);
	return { profile: saved, exitCode: EXIT.done };
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
