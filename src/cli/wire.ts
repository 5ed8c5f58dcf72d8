/** The composition root: builds the ports from the adapters and runs the command. The only file that imports adapters. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Stay } from '#base/foreground.ts';
import { ourTurn } from '#base/our-turn.ts';
import type { DemoDeps } from '#commands/demo/run.ts';
import type { DoctorDeps } from '#commands/doctor/run.ts';
import type { HoldDeps } from '#commands/hold/run.ts';
import type { IdentityCall, IdentityDeps } from '#commands/identity/run.ts';
import type { ProfilesCall, ProfilesDeps } from '#commands/profiles/run.ts';
import type { Deps, Outcome } from '#commands/shared/deps.ts';
import type { SimulateDeps } from '#commands/simulate/run.ts';
import type { Emit } from '#contract/events.ts';
import { uuidIn } from '#contract/identity.ts';
import { warningOfOthers } from '#discovery/not-alone.ts';
import { adviceAboutRemembered } from '#discovery/remembered-network.ts';
import { warningOfNat } from '#discovery/waiting-in-vain.ts';
import type { Holds } from '#hold/ports.ts';
import { behindNat } from '#network/rules/behind-nat.ts';
import type { Tools } from '#session/client.ts';
import { settingsFolderHere } from '#settings/place.ts';
import type { Identities, ProfileStore } from '#settings/ports.ts';
import type { Write } from '#settings/settings-file.ts';
import { foreground } from '#system/foreground.ts';
import type { OpenTools } from '#tools/tools.ts';
import { asker } from './asker.ts';
import type { Presentation } from './present/index.ts';
import type { Call } from './program.ts';
import type { Signals } from './signals.ts';
import { hasColour, hasCursor, speaksUnicode, type TerminalFacts } from './terminal.ts';
import { VERSION } from './version.ts';

/** What main hands over. */
export interface Surroundings {
	emit: Emit;
	record: Presentation['record'];
	/** Keeps the screen free for a question. */
	asking: Presentation['asking'];
	facts: TerminalFacts;
	conversation: boolean;
	signals: Signals;
	/** When the terminal is ours. */
	stay: Stay;
}

/** The old helper scripts keep their UUID in a file of this name, in whatever folder they were started. */
const OLD_UUID_FILE = 'ptpip-canon-helper.uuid';

/** When the terminal is ours, from now on. */
export const foregroundStay = (): Stay => foreground();

/** Runs one call. Rejects with `CanonWifiError` or `Stopped`. */
export async function runCall(call: Call, around: Surroundings): Promise<Outcome> {
	const [command = '', sub = ''] = call.command;
	// biome-ignore lint/suspicious/noExplicitAny: flags and arguments were checked against their table when they were parsed.
	const [flags, [first, second]] = [call.flags as any, call.arguments as any];
	switch (command) {
		case 'pair':
			return withTools(call, around, async (deps) => (await import('#commands/pair/run.ts')).run({ profile: first, flags }, deps));
		case 'connect':
			return withTools(call, around, async (deps) =>
				(await import('#commands/connect/run.ts')).run({ profile: first, flags, args: call.rest }, deps),
			);
		case 'hold':
			return withTools(call, around, async (deps) => {
				const given = { profiles: first ?? [], flags, command: call.rest };
				return (await import('#commands/hold/run.ts')).run(given, { ...deps, ...(await holdDeps(call, around, deps)) });
			});
		case 'status':
			return (await import('#commands/status/run.ts')).run({ ...basics(around), holds: await holds(call) });
		case 'serve':
			return (await import('#commands/serve/run.ts')).run({ lanIp: first, flags }, await networkDeps(call, around));
		case 'profiles': {
			const given = { do: sub, profile: first, changes: second, to: second, file: first, force: flags.force };
			return (await import('#commands/profiles/run.ts')).run(given as ProfilesCall, await settingsDeps(call, around));
		}
		case 'identity': {
			const given = { do: sub, file: first, yes: flags.yes === true };
			return (await import('#commands/identity/run.ts')).run(given as IdentityCall, await settingsDeps(call, around));
		}
		case 'doctor':
			return withTools(call, around, async (deps) =>
				(await import('#commands/doctor/run.ts')).run(flags, { ...deps, ...(await doctorDeps(call, around)) }),
			);
		case 'completion': {
			const { COMMANDS, GLOBAL_FLAGS } = await import('./table.ts');
			return (await import('#commands/completion/run.ts')).run(
				{ shell: first },
				{ ...basics(around), commands: COMMANDS, globalFlags: GLOBAL_FLAGS },
			);
		}
		case '__complete': {
			const [{ systemNetworks }, saved, { models }] = await Promise.all([
				import('#network/interfaces.ts'),
				profiles(call),
				import('#simulator/models/catalogue.ts'),
			]);
			return (await import('#commands/completion/run.ts')).complete(
				{ what: first },
				{ ...basics(around), profiles: () => saved, networks: systemNetworks, models: () => models.map(({ id }) => id) },
			);
		}
		case 'simulate':
			return (await import('#commands/simulate/run.ts')).run({ flags }, await simulateDeps(call, around));
		case 'demo':
			return withTools(call, around, async ({ tools }) => (await import('#commands/demo/run.ts')).run(await demoDeps(around, tools)));
		default:
			throw new Error(`no such command: ${command} ${sub}`);
	}
}

/** Looks for what keeps cameras away although they are answered: other programs of ours, and a network behind NAT. */
function withWarnings(emit: Emit): Emit {
	const advised = adviceAboutRemembered(emit, process.platform);
	const others = warningOfOthers(advised, async (place) => (await import('#doctor/other-answerers.ts')).otherAnswerers(place));
	return warningOfNat(others, async (place) => {
		const [{ machineFacts }, { systemNetworks }] = await Promise.all([import('#doctor/machine.ts'), import('#network/interfaces.ts')]);
		const network = systemNetworks()
			.list()
			.find(({ name, address }) => name === place.interface && address === place.address);
		return network && behindNat(network, await machineFacts(network.name));
	});
}

/** What answering needs; nothing of it loads a library that takes long. */
async function networkDeps(call: Call, around: Surroundings): Promise<Omit<Deps, 'tools' | 'profiles' | 'holds'>> {
	const [{ ssdpResponder }, { descriptionServer }, { systemNetworks }, { systemClock }] = await Promise.all([
		import('#discovery/computer/responder.ts'),
		import('#discovery/computer/description-server.ts'),
		import('#network/interfaces.ts'),
		import('#system/clock.ts'),
	]);
	return {
		...basics(around),
		emit: withWarnings(around.emit),
		clock: systemClock,
		networks: systemNetworks(),
		responder: ssdpResponder(),
		descriptionServer: descriptionServer(),
		holders: async (port) => (await import('#doctor/probes.ts')).otherHolders('udp', port).catch(() => []),
		identities: await identities(call, around),
	};
}

/** Commands that wait for a camera. */
const USES_CAMERA = new Set(['pair', 'connect', 'hold']);

async function withTools(call: Call, around: Surroundings, run: (deps: Deps) => Promise<Outcome>): Promise<Outcome> {
	const tools = await openTools(call, around);
	try {
		if (USES_CAMERA.has(call.command[0] ?? '') && call.flags.dryRun !== true)
			for (const tool of await tools.endLeftovers())
				around.emit({
					type: 'warning',
					code: 'leftoverEnded',
					message: `A ${tool} of an earlier run that was killed still had the camera, so it was ended.`,
					next: 'If the camera has switched its Wi-Fi off by that, choose the connection on it again.',
				});
		return await run({ ...(await networkDeps(call, around)), profiles: await profiles(call), tools, holds: await holds(call) });
	} finally {
		tools.close();
	}
}

async function settingsDeps(call: Call, around: Surroundings): Promise<ProfilesDeps & IdentityDeps> {
	const [{ systemClock }, { namedFiles }, { randomUUID }, { confirmed }] = await Promise.all([
		import('#system/clock.ts'),
		import('#settings/named-files.ts'),
		import('node:crypto'),
		import('#commands/shared/confirmed.ts'),
	]);
	return {
		...basics(around),
		clock: systemClock,
		profiles: await profiles(call),
		identities: await identities(call, around),
		files: namedFiles(process.stdin),
		makeUuid: randomUUID,
		confirm: (question) => confirmed(question, basics(around).asking),
	};
}

async function holds(call: Call): Promise<Holds> {
	const { holdsIn } = await import('#hold/holds.ts');
	return holdsIn(join(settingsFolder(call), 'hold'));
}

type HoldDepsHere = Pick<HoldDeps, 'sharing' | 'pid' | 'commandProblem' | 'runCommand' | 'view' | 'emit' | 'asking'>;

async function holdDeps(call: Call, { emit, facts, signals, stay }: Surroundings, { asking, clock }: Deps): Promise<HoldDepsHere> {
	const [{ sharing }, { commandProblem, runCommand }, { liveHold }] = await Promise.all([
		import('#hold/share.ts'),
		import('#tools/run/command.ts'),
		import('./present/hold-view.ts'),
	]);
	const live =
		hasCursor(facts) && call.flags.quiet !== true && call.flags.verbose !== true
			? liveHold({
					write: (text) => process.stderr.write(text),
					columns: () => process.stderr.columns || 80,
					now: clock.now,
					stay,
					tell: emit,
				})
			: undefined;
	return {
		emit: withWarnings(live?.emit ?? emit),
		asking: async (ask) => {
			const goOn = live?.still();
			return asking(ask).finally(() => goOn?.());
		},
		sharing: sharing({ clock }),
		pid: process.pid,
		commandProblem: (file) => commandProblem(file, { platform: process.platform, env: process.env }),
		runCommand: (command, env) => {
			live?.hide(); // the screen is the command's
			const lendTerminal = facts.stdinIsTerminal ? () => signals.leaveToTool() : () => () => {};
			return runCommand(command, env, { lendTerminal, stdoutToStderr: facts.flags.json });
		},
		view: (status) => live?.view(status) ?? { close: () => {} },
	};
}

async function doctorDeps(call: Call, { facts }: Surroundings): Promise<Pick<DoctorDeps, 'probes' | 'paint'>> {
	const { systemProbes } = await import('#doctor/probes.ts');
	const colour = hasColour({ ...facts, stderrIsTerminal: facts.stdoutIsTerminal });
	const codes = { ok: 32, info: 36, warn: 33, error: 31 };
	return {
		probes: systemProbes(settingsFolder(call)),
		paint: (state, text) => (colour ? `\u001b[${codes[state]}m${text}\u001b[0m` : text),
	};
}

async function simulateDeps(call: Call, around: Surroundings): Promise<SimulateDeps> {
	const [{ softwareCamera }, { systemNetworks }, { systemClock }] = await Promise.all([
		import('#simulator/port.ts'),
		import('#network/interfaces.ts'),
		import('#system/clock.ts'),
	]);
	// The camera's events are its own and go to stdout as they are.
	const { facts, conversation, record, stay } = around;
	const quiet = call.flags.quiet === true;
	const deps = { ...basics(around), out: write, quiet, record, networks: systemNetworks(), clock: systemClock, camera: softwareCamera };
	if (!conversation || !hasCursor({ ...facts, stderrIsTerminal: facts.stdoutIsTerminal })) return deps;
	const { openView } = await import('#simulator/screen/terminal.ts');
	return {
		...deps,
		openScreen: (press) =>
			openView({
				stdin: process.stdin,
				stdout: process.stdout,
				unicode: speaksUnicode(process.env, process.platform),
				onExit,
				stay,
				press,
				suspend: process.platform === 'win32' ? undefined : () => void process.kill(0, 'SIGTSTP'),
				signal: (name) => void process.emit(name),
			}),
	};
}

/** Ends that pass by every `finally`. */
function onExit(restore: () => void): () => void {
	process.on('exit', restore);
	process.on('uncaughtExceptionMonitor', restore);
	return () => {
		process.off('exit', restore);
		process.off('uncaughtExceptionMonitor', restore);
	};
}

async function demoDeps(around: Surroundings, tools: Tools): Promise<DemoDeps> {
	const [{ startSelf }, { emptyFolder, filesBelow }] = await Promise.all([import('#system/self.ts'), import('#base/temporary.ts')]);
	const script = process.argv[1] ?? '';
	return { ...basics(around), tools, self: (args, on) => startSelf(script, args, on), folder: emptyFolder, files: filesBelow, join };
}

const write = (text: string): void => void process.stdout.write(text);

function basics({ emit, asking, facts, conversation, signals, stay }: Surroundings) {
	const screen: typeof asking = async (ask) => {
		const { systemClock } = await import('#system/clock.ts');
		await ourTurn(stay, systemClock.sleep, signals.signal, () => {
			emit({
				type: 'warning',
				code: 'questionWaits',
				message: 'There is a question, and this program is in the background.',
				next: 'Bring it to the foreground with fg.',
			});
		});
		return asking(ask);
	};
	return {
		emit,
		asking: asker({ input: process.stdin, process, signal: signals.signal, screen }),
		// With --json stdout is for events alone.
		out: facts.flags.json ? () => {} : write,
		columns: facts.columns,
		columnsNow: () => process.stdout.columns || facts.columns,
		json: facts.flags.json,
		conversation,
		terminal: facts.stdinIsTerminal && facts.stdoutIsTerminal,
		signal: signals.signal,
		hostname: hostname(),
		platform: process.platform,
		oldUuidFile,
	};
}

const settingsFolder = (call: Call): string =>
	settingsFolderHere(typeof call.flags.configDir === 'string' ? call.flags.configDir : undefined);

async function identities(call: Call, { emit }: Surroundings): Promise<Identities> {
	const { openIdentities } = await import('#settings/identities.ts');
	return openIdentities({
		folder: settingsFolder(call),
		// Who has just decided about the UUID need not be told that it is to be decided.
		onWarning: (warning) => {
			if (warning.code !== 'identityLost' || !/^identity (?:new|import)$/.test(call.command.join(' ')))
				emit({ type: 'warning', ...warning });
		},
	});
}

/** Commands that read the saved cameras and never save one: they do not wait for conf, which takes long to load. */
const ONLY_READ = /^(?:__complete|doctor|demo|identity .*|profiles (?:list|show|export|path))$/;

async function profiles(call: Call): Promise<ProfileStore> {
	const { openProfiles } = await import('#settings/profiles.ts');
	const command = call.command.join(' ');
	return openProfiles({ folder: settingsFolder(call), write: ONLY_READ.test(command) ? noWrite(command) : await profilesWrite() });
}

async function profilesWrite(): Promise<Write> {
	const [{ confWrite }, { PROFILES_FILE }] = await Promise.all([import('#settings/conf-write.ts'), import('#settings/rules/judge.ts')]);
	return confWrite(PROFILES_FILE);
}

const noWrite = (command: string) => (): never => {
	throw new Error(`${command} saves a camera`);
};

async function openTools(call: Call, { facts, signals, stay }: Surroundings): Promise<OpenTools> {
	const [{ createTools }, { packageRoot }] = await Promise.all([import('#tools/tools.ts'), import('#system/templates.ts')]);
	return createTools({
		folder: join(settingsFolder(call), 'tools'),
		templates: join(packageRoot(), 'templates'),
		platform: process.platform,
		env: process.env,
		stdin: () => process.stdin,
		stdout: process.stdout,
		stderr: process.stderr,
		verbose: call.flags.verbose === true,
		lendTerminal: () => signals.leaveToTool(),
		builtin: async () => {
			const { builtinClient } = await import('#builtin/client.ts');
			return builtinClient({
				version: VERSION,
				io: {
					stdin: process.stdin,
					stdout: process.stdout,
					stderr: process.stderr,
					stdinIsTerminal: facts.stdinIsTerminal,
					stdoutIsTerminal: facts.stdoutIsTerminal,
					stderrIsTerminal: facts.stderrIsTerminal,
					columns: () => process.stderr.columns || process.stdout.columns || 80,
					stay,
					interrupt: () => void process.emit('SIGINT'),
				},
			});
		},
	});
}

function oldUuidFile(): { file: string; uuid: string } | undefined {
	try {
		const uuid = uuidIn(readFileSync(OLD_UUID_FILE, 'utf8').slice(0, 4096));
		return uuid === undefined ? undefined : { file: OLD_UUID_FILE, uuid };
	} catch {
		return undefined; // not there, or not readable: nothing to offer
	}
}
