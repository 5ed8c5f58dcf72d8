/** `hold`: be the camera's one client, and let every client on this computer use it. */
import type { Open } from '#base/clock.ts';
import type { HoldStatus } from '#contract/hold-status.ts';
import type { Profile } from '#contract/profile.ts';
import { macToKeep } from '#contract/same-camera.ts';
import { hold } from '#hold/holding.ts';
import type { CameraProxies, CameraProxy } from '#hold/ports.ts';
import { gphoto2Port, reachedAt } from '#hold/rules/listen.ts';
import { endLeftovers } from '../shared/camera-request.ts';
import type { Context, Outcome } from '../shared/context.ts';
import { HINT_AFTER_MS } from '../shared/network-request.ts';
import { updateProfile, warnOfOther, warnStillWaiting } from '../shared/profile-lookup.ts';
import { isOtherCamera } from '../shared/profile-update.ts';
import { choosing } from '../shared/questions.ts';
import type { HoldCall } from './flags.ts';
import type { CommandRun, HoldPorts, HoldView } from './ports.ts';
import { type HoldRequest, resolveHoldRequest } from './request.ts';

export const needs = [
	'emit',
	'prompt',
	'signal',
	'hostname',
	'clock',
	'networks',
	'flows',
	'endLeftovers',
	'profiles',
	'identities',
	'holds',
	'legacyUuidFile',
	'proxies',
	'pid',
	'commandProblem',
	'runCommand',
	'view',
] as const;

export type HoldContext = Pick<Context & HoldPorts & { proxies: CameraProxies }, (typeof needs)[number]>;

/** The command has ended, and with it the hold. */
class CommandEnded extends Error {
	readonly exitCode: number;
	constructor(exitCode: number) {
		super('the command has ended');
		this.exitCode = exitCode;
	}
}

/** Holds until the signal, or until CMD ends; its exit code is then CMD's. */
export async function run(call: HoldCall, context: HoldContext): Promise<Outcome> {
	await endLeftovers(context);
	return holdCameras(await resolveHoldRequest(call, context), context);
}

async function holdCameras(request: HoldRequest, context: HoldContext): Promise<Outcome> {
	const { discovery, cameras, profiles, named, others, limitMs, command } = request;
	const ending = new AbortController();
	let running: CommandRun | undefined;
	// The command first, so that it does not lose its camera under its hands.
	const stop = () => void Promise.resolve(running?.stop()).finally(() => ending.abort(context.signal.reason));
	context.signal.addEventListener('abort', stop, { once: true });
	const began = context.clock.now();
	let proxies: readonly CameraProxy[] = [];
	const used = [...profiles];
	const warned = new Set<Profile | undefined>();
	const ids = profiles.map((profile) => profile?.id ?? null);
	const macs: (string | null)[] = profiles.map((profile) => profile?.mac ?? null);
	const status = (): HoldStatus => ({
		v: 1,
		pid: context.pid,
		age: Math.round((context.clock.now() - began) / 1000),
		cameras: proxies.map((proxy, index) => ({ ...proxy.status(), id: ids[index] ?? null, mac: macs[index] ?? null })),
	});
	let announced: Open | undefined;
	let view: HoldView | undefined;
	try {
		if (context.signal.aborted) stop();
		return await hold(
			{ discovery, cameras, limitMs, hintAfterMs: HINT_AFTER_MS },
			{ ...context, ...choosing(context.prompt) },
			context.emit,
			ending.signal,
			{
				onListening: (opened) => {
					proxies = opened;
					view = context.view(status);
					void context.holds.announce(status).then((one) => {
						announced = one;
						if (ending.signal.aborted) void one.close();
					});
				},
				onConnected: (index, camera, learnt) => {
					macs[index] = macToKeep(macs[index] ?? null, camera);
					const kept = updateProfile(used[index], named, camera, learnt, context);
					const other = kept !== undefined && isOtherCamera(kept, camera, learnt);
					if (!other) used[index] = kept;
					// Under the name of a profile only the profile's camera is found.
					ids[index] = other ? null : (kept?.id ?? null);
				},
				onHeld: (index) => {
					const proxy = proxies[index];
					if (command.length === 0 || running !== undefined || proxy === undefined) return;
					running = context.runCommand(command, environment(proxy));
					running.ended.then(
						(exitCode) => ending.abort(context.signal.aborted ? context.signal.reason : new CommandEnded(exitCode)),
						(error: unknown) => ending.abort(error),
					);
				},
				onOther: (_index, { address, mac }) => {
					const other = others.find((one) => one.mac === mac);
					if (warned.has(other)) return; // each of several that wait notices it
					warned.add(other);
					warnOfOther('hold', profiles, other, address, context);
				},
				onStillWaiting: (index, missing) => warnStillWaiting(context, profiles.length > 1 ? (profiles[index]?.id ?? null) : null)(missing),
			},
		);
	} catch (error) {
		if (!(error instanceof CommandEnded)) throw error;
		return { exitCode: error.exitCode, found: { toolExitCode: error.exitCode } };
	} finally {
		context.signal.removeEventListener('abort', stop);
		ending.abort();
		await running?.stop();
		view?.close();
		await announced?.close();
	}
}

/** What CMD finds in its environment. */
function environment({ address, port }: CameraProxy): Record<string, string> {
	return {
		CANON_WIFI_GPHOTO2_PORT: gphoto2Port(address, port),
		CANON_WIFI_HOST: reachedAt(address),
		CANON_WIFI_PORT: String(port),
	};
}
