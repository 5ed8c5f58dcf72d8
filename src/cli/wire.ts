/** The composition root: builds the ports from the adapters and runs the command. The only file that imports adapters. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { EXIT } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import { uuidIn } from '../core/identity.ts';
import type { Deps, Outcome } from '../commands/deps.ts';
import type { Identities, ProfileStore, Tools } from '../flows/ports.ts';
import { settingsFolderHere } from '../adapters/profiles/place.ts';
import type { Call } from './program.ts';
import type { Signals } from './signals.ts';
import type { TerminalFacts } from './terminal.ts';

/** What main hands over. */
export interface Surroundings {
	emit: Emit;
	facts: TerminalFacts;
	conversation: boolean;
	signals: Signals;
}

/** The old helper scripts keep their UUID in a file of this name, in whatever folder they were started. */
const OLD_UUID_FILE = 'ptpip-canon-helper.uuid';

/** Runs one call. Rejects with `CanonWifiError` or `Stopped`. */
export async function runCall(call: Call, around: Surroundings): Promise<Outcome> {
	const [command = '', sub = ''] = call.command;
	// biome-ignore lint/suspicious/noExplicitAny: flags were checked against the table of flags when they were parsed.
	const flags = call.flags as any;
	const [first, second] = call.arguments;
	switch (command) {
		case 'pair':
			return (await import('../commands/pair.ts')).run({ profile: first as string | undefined, flags }, await cameraDeps(call, around));
		case 'connect':
			return (await import('../commands/connect.ts')).run({ profile: first as string | undefined, flags, args: call.rest }, await cameraDeps(call, around));
		case 'serve':
			return (await import('../commands/serve.ts')).run({ lanIp: first as string | undefined, flags }, await networkDeps(call, around));
		default:
			throw new Error(`no such command: ${command} ${sub} ${String(second)}`);
	}
}

/** What answering needs; nothing of it loads a library that takes long. */
async function networkDeps(call: Call, around: Surroundings): Promise<Omit<Deps, 'tools' | 'profiles'>> {
	const [{ ssdpResponder }, { descriptionServer }, { systemNetworks }, { systemClock }] = await Promise.all([
		import('../adapters/ssdp/responder.ts'),
		import('../adapters/http/description-server.ts'),
		import('../adapters/net/interfaces.ts'),
		import('../adapters/clock.ts'),
	]);
	return {
		...basics(around),
		clock: systemClock,
		networks: systemNetworks(),
		responder: ssdpResponder(),
		descriptionServer: descriptionServer(),
		identities: await identities(call, around),
	};
}

async function cameraDeps(call: Call, around: Surroundings): Promise<Deps> {
	const network = await networkDeps(call, around);
	return { ...network, profiles: await profiles(call), tools: await tools(call, around) };
}

function basics({ emit, facts, conversation, signals }: Surroundings) {
	return {
		emit,
		out: (text: string) => void process.stdout.write(text),
		columns: facts.columns,
		json: facts.flags.json,
		conversation,
		terminal: facts.stdinIsTerminal && facts.stdoutIsTerminal,
		signal: signals.signal,
		leaveToTool: () => signals.leaveToTool(),
		hostname: hostname(),
		oldUuidFile,
	};
}

const settingsFolder = (call: Call): string => settingsFolderHere(typeof call.flags.configDir === 'string' ? call.flags.configDir : undefined);

async function identities(call: Call, { emit }: Surroundings): Promise<Identities> {
	const { openIdentities } = await import('../adapters/profiles/identities.ts');
	return openIdentities({ folder: settingsFolder(call), onWarning: (message) => emit({ type: 'warning', code: 'identitySaved', message }) });
}

async function profiles(call: Call): Promise<ProfileStore> {
	const [{ openProfiles }, { confWrite }, { PROFILES_FILE }] = await Promise.all([
		import('../adapters/profiles/profiles.ts'),
		import('../adapters/profiles/conf-write.ts'),
		import('../core/settings/judge.ts'),
	]);
	return openProfiles({ folder: settingsFolder(call), write: confWrite(PROFILES_FILE) });
}

async function tools(_call: Call, _around: Surroundings): Promise<Tools> {
	throw new Error('not wired yet');
}

function oldUuidFile(): { file: string; uuid: string } | undefined {
	try {
		const uuid = uuidIn(readFileSync(OLD_UUID_FILE, 'utf8').slice(0, 4096));
		return uuid === undefined ? undefined : { file: OLD_UUID_FILE, uuid };
	} catch {
		return undefined; // not there, or not readable: nothing to offer
	}
}
