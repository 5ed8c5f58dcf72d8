/** `connect`: wait for a paired camera and start the tool on it. */
import { CanonWifiError, EXIT } from '#contract/errors.ts';
import type { HeldStatus } from '#contract/hold-status.ts';
import { warning } from '#contract/warnings.ts';
import type { DetectedCamera } from '#discovery/detected-camera.ts';
import type { DiscoveryRequest } from '#discovery/flow.ts';
import { connectViaHold } from '#hold/via-hold.ts';
import type { Client } from '#session/client.ts';
import { type Connected, connect } from '#session/connecting.ts';
import { endLeftovers } from '../shared/camera-request.ts';
import type { Context, Outcome } from '../shared/context.ts';
import { updateProfile, warnOfOther, warnStillWaiting } from '../shared/profile-lookup.ts';
import { choosing } from '../shared/questions.ts';
import type { ConnectCall } from './flags.ts';
import { type ConnectRequest, resolveConnectRequest } from './request.ts';

export const needs = [
	'emit',
	'prompt',
	'out',
	'json',
	'terminal',
	'signal',
	'hostname',
	'clock',
	'networks',
	'flows',
	'tools',
	'endLeftovers',
	'profiles',
	'identities',
	'holds',
	'legacyUuidFile',
] as const;

export type ConnectContext = Pick<Context, (typeof needs)[number]>;

/** Runs the command. Its exit code is the tool's own when the tool ran with arguments. */
export async function run(call: ConnectCall, context: ConnectContext): Promise<Outcome> {
	if (call.flags.dryRun !== true) await endLeftovers(context);
	const request = await resolveConnectRequest(call, context);
	const { way } = request;
	if ('shown' in way) {
		if (!context.json) context.out(way.shown.text);
		return { exitCode: EXIT.done, found: way.shown.found };
	}
	const ended = 'held' in way ? await useHold(request, way, context) : await waitForCamera(request, way.discovery, context);
	return outcomeOf(ended, request, context);
}

async function waitForCamera(request: ConnectRequest, discovery: DiscoveryRequest, context: ConnectContext): Promise<Connected> {
	const { emit } = context;
	emit({ type: 'instruction', step: 'openMenu', text: menuSteps(discovery.name, request.profile !== undefined) });
	let used = request.profile;
	return connect(
		{ ...request, discovery, lastAddress: request.profile?.lastAddress ?? null },
		{ ...context, ...choosing(context.prompt) },
		emit,
		context.signal,
		{
			onCamera: (camera) => (request.client === null ? untilStopped(camera, context) : undefined),
			onConnected: (camera, learnt) => {
				used = updateProfile(used, request.named, camera, learnt, context);
			},
			onOther: ({ address, mac }) => {
				const other = request.others.find((one) => one.mac === mac);
				warnOfOther('connect', [request.profile], other, address, context);
			},
			onStillWaiting: warnStillWaiting(context),
		},
	);
}

/** The same through a hold: the camera is not lost when the tool ends. */
async function useHold(
	request: ConnectRequest,
	{ held, client }: { held: HeldStatus; client: Client },
	context: ConnectContext,
): Promise<Connected> {
	const camera: DetectedCamera = { address: held.camera ?? held.address, mac: held.mac, maker: null, matchedBy: 'profile' };
	const status = async () =>
		(await context.holds.list())
			.flatMap(({ cameras }) => cameras)
			.find(({ address, port }) => address === held.address && port === held.port);
	const ports = { clock: context.clock, status };
	const end = await connectViaHold({ ...request, held, client }, ports, context.emit, context.signal, (learnt) => {
		updateProfile(request.profile, request.named, camera, learnt, context);
	});
	return { camera, end, learnt: end.learnt };
}

/** What a person must do meanwhile, and may have done already. Menu texts are Canon's English ones. */
function menuSteps(name: string, paired: boolean): string {
	const unlisted = paired ? '' : ', or "Add a Device..." if it is not in the list';
	return `On the camera, open the Wi-Fi menu, choose the computer, then "${name}"${unlisted}.`;
}

/** `--tool none`: the camera is answered and its address printed, until the person stops it. */
async function untilStopped(camera: DetectedCamera, { json, out, clock, signal }: ConnectContext): Promise<void> {
	if (!json) out(`${camera.address}\n`);
	await clock.sleep(2 ** 31 - 1, signal);
	signal.throwIfAborted();
}

function outcomeOf({ camera, end, learnt }: Connected, { client, args }: ConnectRequest, { emit }: Pick<Context, 'emit'>): Outcome {
	const tool = client?.tool ?? null;
	const found = { tool, camera: camera.address, mac: camera.mac, ...learnt };
	if (end === null) return { exitCode: EXIT.done, found };
	if (end.lost !== undefined) throw new CanonWifiError('sessionLost', { address: camera.address, why: end.lost });
	if (end.signal === 'SIGINT' || (args.length === 0 && end.exitCode === EXIT.interrupted)) {
		// A tool whose prompt takes Ctrl-C for its end leaves the cursor behind the prompt and the camera without a CloseSession.
		emit(warning('stopped', { tool }));
		return { exitCode: EXIT.interrupted, found: { ...found, toolSignal: end.signal } };
	}
	if (args.length === 0) return { exitCode: EXIT.done, found };
	const code = end.exitCode ?? EXIT.lost;
	return { exitCode: code <= 63 ? code : EXIT.lost, found: { ...found, toolExitCode: end.exitCode, toolSignal: end.signal } };
}
