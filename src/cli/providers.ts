/**
 * What commands can be given. Each thing is built when a command needs it, at most once for a call, and what it is made of is
 * imported then. The only file that knows every room.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { ForegroundCheck } from '#base/foreground.ts';
import { untilForeground } from '#base/until-foreground.ts';
import type { CompletionPorts } from '#commands/completion/run.ts';
import type { DemoPorts } from '#commands/demo/ports.ts';
import type { DoctorPorts } from '#commands/doctor/run.ts';
import type { HoldPorts } from '#commands/hold/ports.ts';
import type { IdentityPorts } from '#commands/identity/run.ts';
import type { Context } from '#commands/shared/context.ts';
import { GLOBAL_FLAGS } from '#commands/shared/flags.ts';
import type { SimulatePorts } from '#commands/simulate/ports.ts';
import type { Emit } from '#contract/events.ts';
import { uuidIn } from '#contract/identity.ts';
import { warning } from '#contract/warnings.ts';
import { warningOfNat } from '#discovery/nat-warning.ts';
import { adviceAboutRemembered } from '#discovery/remembered-network.ts';
import type { CameraProxies } from '#hold/ports.ts';
import { behindNat } from '#network/rules/behind-nat.ts';
import { configDir as configDirOf } from '#settings/config-dir.ts';
import type { ProfileStore } from '#settings/ports.ts';
import type { Write } from '#settings/settings-file.ts';
import { foreground } from '#system/foreground.ts';
import type { OpenTools } from '#tools/tools.ts';
import type { Presentation } from './present/index.ts';
import type { Call } from './program.ts';
import { prompter } from './prompter.ts';
import type { Signals } from './signals.ts';
import { COMMANDS } from './table.ts';
import { hasColour, hasCursor, speaksUnicode, type TerminalFacts } from './terminal.ts';
import { VERSION } from './version.ts';

/** What main hands over. */
export interface CliContext {
	call: Call;
	presentation: Pick<Presentation, 'on' | 'record' | 'asking' | 'hold'>;
	facts: TerminalFacts;
	/** Questions may be asked. */
	conversation: boolean;
	signals: Signals;
	/** When the terminal is ours. */
	stay: ForegroundCheck;
}

/** Everything that a command can name in its `needs`. */
export type Ports = Omit<Context, 'tools' | 'profiles'> &
	HoldPorts &
	DoctorPorts &
	IdentityPorts &
	SimulatePorts &
	DemoPorts &
	CompletionPorts & { tools: OpenTools; profiles: ProfileStore; proxies: CameraProxies };

/** A value, or how to get it later. */
type Provider<T> = () => T | Promise<T>;
type Providers = { readonly [P in keyof Ports]: Provider<Ports[P]> };

/** When the terminal is ours, from now on. */
export const foregroundStay = (): ForegroundCheck => foreground();

/** Builds what is named. `close` lets go of what keeps the process alive. */
export async function provide<N extends keyof Ports>(
	needs: readonly N[],
	cli: CliContext,
): Promise<{ ports: Pick<Ports, N>; close(): void }> {
	const closing: (() => void)[] = [];
	const providers = providersFor(cli, (close) => closing.push(close));
	const close = () => {
		for (const one of closing) one();
	};
	try {
		const built = await Promise.all(needs.map(async (name) => [name, await providers[name]()] as const));
		return { ports: Object.fromEntries(built) as Pick<Ports, N>, close };
	} catch (error) {
		close();
		throw error;
	}
}

/** The old helper scripts keep their UUID in a file of this name, in whatever folder they were started. */
const LEGACY_UUID_FILE = 'ptpip-canon-helper.uuid';

function providersFor(
	{ call, presentation, facts, conversation, signals, stay }: CliContext,
	onClose: (close: () => void) => void,
): Providers {
	const { flags } = call;
	const configDir = typeof flags.configDir === 'string' ? flags.configDir : undefined;
	const settingsFolder = () => configDirOf(configDir);
	const emit = withWarnings(presentation.on);
	const onStdoutTerminal = { ...facts, stderrIsTerminal: facts.stdoutIsTerminal };
	const prompt = conversation
		? prompter({
				input: process.stdin,
				process,
				signal: signals.signal,
				screen: async (ask) => {
					const { systemClock } = await import('#system/clock.ts');
					await untilForeground(stay, systemClock.sleep, signals.signal, () => emit(warning('questionWaits', {})));
					return presentation.asking(ask);
				},
			})
		: undefined;

	const providers: Providers = once({
		emit: () => emit,
		prompt: () => prompt,
		// With --json stdout is for events alone.
		out: () => (facts.flags.json ? () => {} : write),
		write: () => write,
		columns: () => facts.columns,
		columnsNow: () => () => process.stdout.columns || facts.columns,
		json: () => facts.flags.json,
		quiet: () => flags.quiet === true,
		terminal: () => facts.stdinIsTerminal && facts.stdoutIsTerminal,
		signal: () => signals.signal,
		hostname,
		platform: () => process.platform,
		pid: () => process.pid,
		configDir: () => configDir,
		clock: async () => (await import('#system/clock.ts')).systemClock,
		networks: async () => (await import('#network/interfaces.ts')).systemNetworks(),
		flows: async () => {
			const [{ computerFlow }, { ssdpResponder }, { descriptionServer }] = await Promise.all([
				import('#discovery/computer/computer-flow.ts'),
				import('#discovery/computer/responder.ts'),
				import('#discovery/computer/description-server.ts'),
			]);
			return [
				computerFlow({
					responder: ssdpResponder(),
					descriptionServer: descriptionServer(),
					clock: await providers.clock(),
					holders: async (port) => (await import('#doctor/probes.ts')).otherHolders('udp', port).catch(() => []),
					others: async (place) => (await import('#doctor/other-answerers.ts')).otherAnswerers(place),
				}),
			];
		},

		profiles: async () => {
			const { openProfiles } = await import('#settings/profiles.ts');
			const name = call.command.join(' ');
			return openProfiles({ folder: settingsFolder(), write: ONLY_READ.test(name) ? noWrite(name) : await profilesWrite() });
		},
		identities: async () => {
			const { openIdentities } = await import('#settings/identities.ts');
			return openIdentities({
				folder: settingsFolder(),
				// These commands decide about the UUID, so nobody needs to be asked to do that.
				onWarning: (found) => {
					if (found.code !== 'identityLost' || !/^identity (?:new|import)$/.test(call.command.join(' '))) emit(found);
				},
			});
		},
		legacyUuidFile: () => legacyUuidFile,
		files: async () => (await import('#settings/named-files.ts')).namedFiles(process.stdin),
		makeUuid: async () => (await import('node:crypto')).randomUUID,
		confirm: async () => {
			if (prompt === undefined) return undefined;
			const { confirm } = await import('#commands/shared/confirm.ts');
			return (question) => confirm(question, prompt);
		},

		tools: async () => {
			const [{ createTools }, { packageRoot }] = await Promise.all([import('#tools/tools.ts'), import('#system/templates.ts')]);
			const tools = createTools({
				folder: join(settingsFolder(), 'tools'),
				templates: join(packageRoot(), 'templates'),
				platform: process.platform,
				env: process.env,
				stdin: () => process.stdin,
				stdout: process.stdout,
				stderr: process.stderr,
				verbose: flags.verbose === true,
				lendTerminal: () => signals.leaveToTool(),
				builtin: async () => {
					const [{ builtinClient }, { listingFile }] = await Promise.all([
						import('#builtin/client.ts'),
						import('#settings/listing-memory.ts'),
					]);
					const memory = listingFile(settingsFolder());
					return builtinClient({ version: VERSION, io: builtinIo(facts, stay), verbose: flags.verbose === true, memory });
				},
			});
			onClose(() => tools.close());
			return tools;
		},
		endLeftovers: async () => {
			const tools = await providers.tools();
			return () => tools.endLeftovers();
		},

		holds: async () => (await import('#hold/hold-registry.ts')).holdRegistry(join(settingsFolder(), 'hold')),
		proxies: async () => (await import('#hold/camera-proxy.ts')).cameraProxies({ clock: await providers.clock() }),
		commandProblem: async () => {
			const { commandProblem } = await import('#tools/run/command.ts');
			return (file) => commandProblem(file, { platform: process.platform, env: process.env });
		},
		runCommand: async () => {
			const { runCommand } = await import('#tools/run/command.ts');
			return (command, env) => {
				presentation.hold?.hide(); // the screen is the command's
				const lendTerminal = facts.stdinIsTerminal ? () => signals.leaveToTool() : () => () => {};
				return runCommand(command, env, { lendTerminal, stdoutToStderr: facts.flags.json });
			};
		},
		view: () => (status) => presentation.hold?.view(status) ?? { close: () => {} },

		probes: async () => (await import('#doctor/probes.ts')).systemProbes(settingsFolder()),
		paint: () => {
			const codes = { ok: 32, info: 36, warn: 33, error: 31 };
			const colour = hasColour(onStdoutTerminal);
			return (state, text) => (colour ? `\u001b[${codes[state]}m${text}\u001b[0m` : text);
		},

		camera: async () => (await import('#simulator/port.ts')).softwareCamera,
		record: () => presentation.record,
		openScreen: async () => {
			if (!conversation || !hasCursor(onStdoutTerminal)) return undefined;
			const { openView } = await import('#simulator/screen/terminal.ts');
			return (press) =>
				openView({
					stdin: process.stdin,
					stdout: process.stdout,
					unicode: speaksUnicode(process.env, process.platform),
					onExit,
					stay,
					press,
					suspend: process.platform === 'win32' ? undefined : () => void process.kill(0, 'SIGTSTP'),
					signal: (name) => void process.emit(name),
				});
		},
		models: async () => (await import('#simulator/models/catalogue.ts')).models.map(({ id }) => id),

		self: async () => {
			const { startSelf } = await import('#system/self.ts');
			return (args, on) => startSelf(process.argv[1] ?? '', args, on);
		},
		folder: async () => (await import('#base/temporary.ts')).emptyFolder,
		filesBelow: async () => (await import('#base/temporary.ts')).filesBelow,
		join: () => join,

		commands: () => COMMANDS,
		globalFlags: () => GLOBAL_FLAGS,
	});
	return providers;
}

/** Commands that read the saved cameras and never save one: they do not wait for conf, which takes long to load. */
const ONLY_READ = /^(?:__complete|doctor|demo|identity .*|profiles (?:list|show|export|path))$/;

async function profilesWrite(): Promise<Write> {
	const [{ confWrite }, { PROFILES_FILE }] = await Promise.all([import('#settings/conf-write.ts'), import('#settings/rules/judge.ts')]);
	return confWrite(PROFILES_FILE);
}

const noWrite = (command: string) => (): never => {
	throw new Error(`${command} saves a camera`);
};

/** The same providers, each of which builds its thing once. */
function once(providers: Providers): Providers {
	return Object.fromEntries(
		Object.entries(providers).map(([name, build]: [string, Provider<unknown>]) => {
			let built: { value: unknown } | undefined;
			return [
				name,
				() => {
					built ??= { value: build() };
					return built.value;
				},
			];
		}),
	) as unknown as Providers;
}

/** Also reports what keeps cameras away although they are answered: a network behind NAT, or one that macOS left by itself. */
function withWarnings(emit: Emit): Emit {
	const advised = adviceAboutRemembered(emit, process.platform);
	return warningOfNat(advised, async (place) => {
		const [{ machineFacts }, { systemNetworks }] = await Promise.all([import('#doctor/machine.ts'), import('#network/interfaces.ts')]);
		const network = systemNetworks()
			.list()
			.find(({ name, address }) => name === place.interface && address === place.address);
		return network && behindNat(network, await machineFacts(network.name));
	});
}

/** The streams of this process for the built-in client. */
function builtinIo({ stdinIsTerminal, stdoutIsTerminal, stderrIsTerminal }: TerminalFacts, stay: ForegroundCheck) {
	return {
		stdin: process.stdin,
		stdout: process.stdout,
		stderr: process.stderr,
		stdinIsTerminal,
		stdoutIsTerminal,
		stderrIsTerminal,
		columns: () => process.stderr.columns || process.stdout.columns || 80,
		stay,
		interrupt: () => void process.emit('SIGINT'),
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

const write = (text: string): void => void process.stdout.write(text);

function legacyUuidFile(): { file: string; uuid: string } | undefined {
	try {
		const uuid = uuidIn(readFileSync(LEGACY_UUID_FILE, 'utf8').slice(0, 4096));
		return uuid === undefined ? undefined : { file: LEGACY_UUID_FILE, uuid };
	} catch {
		return undefined; // not there, or not readable: nothing to offer
	}
}
