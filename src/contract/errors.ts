/**
 * Every error that a person can meet: what happened, what to do next, and the exit code.
 * Codes are permanent: people search for them and scripts match on them. docs/errors.md is made from this table.
 */

import type { CodedError } from '#base/errors.ts';
import { showExcluded } from '#base/listen-failure.ts';
import { printable } from '#base/text.ts';
import { notACamera } from '#protocol/ptpip/not-a-camera.ts';

/** Exit codes, after sysexits. All of our own are 64 or more; below that they are a tool's. */
export const EXIT = {
	done: 0,
	usage: 64,
	noProfile: 66,
	network: 69,
	bug: 70,
	system: 71,
	tool: 72,
	destination: 73,
	lost: 74,
	noCamera: 75,
	refused: 77,
	settings: 78,
	interrupted: 130,
	terminated: 143,
} as const;

interface Entry<F> {
	exit: number;
	/** One sentence of what happened. */
	what(facts: F): string;
	/** One sentence of what to do. */
	next(facts: F): string;
}
const entry = <F>(e: Entry<F>): Entry<F> => e;

const catalogue = {
	usage: entry<{ problem: string; next: string }>({
		exit: EXIT.usage,
		what: ({ problem }) => problem,
		next: ({ next }) => next,
	}),
	missingAnswer: entry<{ what: string; flag: string }>({
		exit: EXIT.usage,
		what: ({ what }) => `Cannot ask here: this is not an interactive terminal, and ${what} was not given.`,
		next: ({ flag }) => `Give it with ${flag}.`,
	}),
	badName: entry<{ name: string; why: string }>({
		exit: EXIT.usage,
		what: ({ name, why }) => `The name "${printable(name)}" cannot be shown on a camera: ${why}.`,
		next: () => 'Choose another with --name: short, plain letters, no ":".',
	}),
	notIpv4: entry<{ given: string; flag: string; why: string }>({
		exit: EXIT.usage,
		what: ({ given, flag, why }) => `${flag} must be an IPv4 address like 192.168.1.20, but "${printable(given)}" ${why}.`,
		next: ({ flag }) =>
			flag === '--camera'
				? "Give the camera's address, as the router shows it, or leave --camera out to search for it."
				: "Give one of this computer's addresses: `canon-wifi doctor` lists them.",
	}),
	notOurAddress: entry<{ given: string; ours: readonly string[] }>({
		exit: EXIT.network,
		what: ({ given }) => `This computer does not have the address ${given}.`,
		next: ({ ours }) => (ours.length > 0 ? `Use one that it has: ${ours.join(', ')}.` : 'Connect it to the network of the camera first.'),
	}),
	noInterface: entry<{ given: string; known: readonly string[] }>({
		exit: EXIT.network,
		what: ({ given }) => `There is no network interface "${printable(given)}" with an IPv4 address here.`,
		next: ({ known }) =>
			known.length > 0 ? `Use --interface with one of: ${known.join(', ')}.` : 'Connect this computer to the network of the camera first.',
	}),
	noNetwork: entry<object>({
		exit: EXIT.network,
		what: () => 'This computer has no network that a camera could be on.',
		next: () => 'Connect it to the same network as the camera, then try again; `canon-wifi doctor` lists the networks that it has.',
	}),
	portTaken: entry<{ port: number; address: string; protocol: 'UDP' | 'TCP'; holder?: string | undefined }>({
		exit: EXIT.network,
		what: ({ port, address, protocol, holder }) =>
			`${holder === undefined ? 'Another program' : printable(holder)} holds ${protocol} port ${port} on ${address}${protocol === 'UDP' ? ' and does not share it, so no camera can find this computer' : ''}.`,
		next: ({ port, protocol }) =>
			protocol === 'UDP'
				? 'Close that program; `canon-wifi doctor` names it.'
				: `Close that program, or choose another port than ${port} with --desc-port.`,
	}),
	portExcluded: entry<{ port: number; flag: string }>({
		exit: EXIT.network,
		what: ({ port }) =>
			`Windows lets no program use TCP port ${port}: it is in a range reserved by Hyper-V, WSL2 or Docker, or another program has exclusive use of it.`,
		next: ({ flag }) => `Choose another with ${flag}; \`${showExcluded('TCP')}\` lists the ranges.`,
	}),
	cannotListen: entry<{ what: string; why: string }>({
		exit: EXIT.network,
		what: ({ what, why }) => `Cannot listen on ${what}: ${why}.`,
		next: () => 'Run `canon-wifi doctor` to find the cause.',
	}),
	listenTaken: entry<{ address: string; port: number }>({
		exit: EXIT.network,
		what: ({ address, port }) => `Another program holds TCP port ${port} on ${address}, so clients cannot connect there.`,
		next: () => 'Choose another with --listen ADDRESS:PORT, or leave --listen out to use a free one.',
	}),
	alreadyHeld: entry<{ camera: string; pid: number; gphoto2: string }>({
		exit: EXIT.network,
		what: ({ camera, pid }) => `${printable(camera)} is already held by process ${pid}.`,
		next: ({ gphoto2 }) => `Use it there: gphoto2 --port ${gphoto2}. \`canon-wifi status\` shows more.`,
	}),
	noHold: entry<{ camera: string }>({
		exit: EXIT.noCamera,
		what: ({ camera }) => `No running hold has ${printable(camera)}.`,
		next: () => 'Start `canon-wifi hold` in another terminal, or leave --via out; `canon-wifi status` shows what is held.',
	}),
	noCamera: entry<{ seconds: number; hint: string }>({
		exit: EXIT.noCamera,
		what: ({ seconds }) => `No camera came within ${seconds} s.`,
		next: ({ hint }) => hint,
	}),
	severalCameras: entry<{ list: readonly string[] }>({
		exit: EXIT.noCamera,
		what: ({ list }) => `Several devices could be the camera: ${list.join('; ')}.`,
		next: () => 'Choose one with --camera ADDRESS.',
	}),
	cameraRefused: entry<{ address: string; attempts: number; seconds: number; said?: string | undefined }>({
		exit: EXIT.refused,
		what: ({ address, attempts, seconds, said }) => {
			const odd = notACamera(said);
			if (odd !== undefined) return `Something answers at ${address}, but not like a camera: ${printable(odd)}.`;
			const last = said === undefined || said === '' ? '' : `, the last time with: ${printable(said)}`;
			return `The camera at ${address} refused this computer ${attempts === 1 ? 'once' : `${attempts} times`} in ${seconds} s${last}.`;
		},
		next: ({ said }) =>
			notACamera(said) === undefined
				? "Choose this computer's name on the camera and press SET; if another program is connected to the camera, close that one first."
				: "Find the camera's address, as the router shows it, and give it with --camera ADDRESS.",
	}),
	cameraSilent: entry<{ address: string; seconds: number }>({
		exit: EXIT.noCamera,
		what: ({ address, seconds }) => `The camera at ${address} was seen but did not answer within ${seconds} s.`,
		next: () => 'Check that it is still on and shows this computer\'s name; a router with "client isolation" keeps the two apart.',
	}),
	sessionLost: entry<{ address: string; why: string }>({
		exit: EXIT.lost,
		what: ({ address, why }) => `The connection to the camera at ${address} was lost: ${printable(why)}.`,
		next: () => 'Choose the connection again on the camera, then run the same command; with --reconnect, canon-wifi waits for it.',
	}),
	toolMissing: entry<{ tool: string; install: string }>({
		exit: EXIT.tool,
		what: ({ tool }) => `${tool} is not installed, or not on PATH.`,
		next: ({ install }) => install,
	}),
	toolPathWrong: entry<{ tool: string; path: string; why: string }>({
		exit: EXIT.tool,
		what: ({ tool, path, why }) => `${printable(path)} cannot be used as ${tool}: ${printable(why)}.`,
		next: () => 'Correct --tool-path, or leave it out to search for the tool.',
	}),
	toolWithoutNetwork: entry<{ tool: string; path: string; next: string }>({
		exit: EXIT.tool,
		what: ({ tool, path }) => `The ${tool} at ${printable(path)} was built without network support (PTP/IP).`,
		next: ({ next }) => next,
	}),
	toolTooOld: entry<{ tool: string; version: string; lacks: string; next: string }>({
		exit: EXIT.tool,
		what: ({ tool, version, lacks }) => `${tool} ${printable(version)} is too old: ${lacks}.`,
		next: ({ next }) => next,
	}),
	toolFailed: entry<{ tool: string; said: string }>({
		exit: EXIT.tool,
		what: ({ tool, said }) => `${tool} ended without connecting: ${printable(said)}.`,
		next: () => 'Run with -v to see all its output, or try --tool builtin.',
	}),
	noProfile: entry<{ id: string; known: readonly string[] }>({
		exit: EXIT.noProfile,
		what: ({ id }) => `There is no profile "${printable(id)}".`,
		next: ({ id, known }) =>
			known.length > 0 ? `Saved cameras: ${known.join(', ')}.` : `Pair the camera first: \`canon-wifi pair ${printable(id)}\`.`,
	}),
	settingsDamaged: entry<{ file: string; keptAs: string }>({
		exit: EXIT.settings,
		what: ({ file, keptAs }) => `${printable(file)} could not be read and was moved to ${printable(keptAs)}.`,
		next: () => 'Fix it and rename it back, or run the command again to start afresh.',
	}),
	settingsNewer: entry<{ file: string; version: number }>({
		exit: EXIT.settings,
		what: ({ file, version }) => `${printable(file)} was written by a newer canon-wifi (format ${version}).`,
		next: () => 'Update canon-wifi, or choose another folder with --config-dir.',
	}),
	settingsUnwritable: entry<{ file: string; why: string }>({
		exit: EXIT.settings,
		what: ({ file, why }) => `${printable(file)} could not be read or written: ${printable(why)}.`,
		next: () => 'Check who owns that folder and that its disk is not full, or choose another with --config-dir.',
	}),
	destinationUnwritable: entry<{ folder: string; why: string }>({
		exit: EXIT.destination,
		what: ({ folder, why }) => `Files cannot be saved in ${printable(folder)}: ${printable(why)}.`,
		next: () => 'Make room there, or choose another folder with --to, and run the same command again to continue.',
	}),
	logUnwritable: entry<{ file: string; why: string }>({
		exit: EXIT.settings,
		what: ({ file, why }) => `The log file ${printable(file)} could not be opened: ${why}.`,
		next: () => 'Choose another with --log-file FILE, or leave --log-file out.',
	}),
	noTemporaryFolder: entry<{ folder: string; why: string }>({
		exit: EXIT.system,
		what: ({ folder, why }) => `Cannot create temporary files in ${printable(folder)}: ${why}.`,
		next: () => 'Set TMPDIR (TEMP on Windows) to a writable folder with free space.',
	}),
	outputLost: entry<{ why: string }>({
		exit: EXIT.system,
		what: ({ why }) => `Cannot write the output: ${why}.`,
		next: () => 'Write it somewhere else, or free some space on that disk.',
	}),
	systemRefused: entry<{ what: string; why: string; next: string }>({
		exit: EXIT.system,
		what: ({ what, why }) => `${printable(what)}: ${why}.`,
		next: ({ next }) => next,
	}),
	badImport: entry<{ file: string; why: string }>({
		exit: EXIT.settings,
		what: ({ file, why }) => `${printable(file)} cannot be imported: ${why}.`,
		next: () => 'Check the path; nothing was changed.',
	}),
} as const;

export type ErrorCode = keyof typeof catalogue;
export type Facts<C extends ErrorCode> = Parameters<(typeof catalogue)[C]['what']>[0];
/** Every code with its exit code, for docs/errors.md. */
export const errorCatalogue: { readonly [code: string]: { readonly exit: number } } = catalogue;

/** An error that a person can do something about. Anything else that is thrown is a bug of ours. */
export class CanonWifiError<C extends ErrorCode = ErrorCode> extends Error {
	override readonly name = 'CanonWifiError';
	readonly code: C;
	/** One sentence: what to do. */
	readonly next: string;
	readonly exitCode: number;

	constructor(code: C, facts: Facts<C>, options?: ErrorOptions) {
		const { exit, what, next } = catalogue[code] as unknown as Entry<Facts<C>>;
		super(what(facts), options);
		this.code = code;
		this.next = next(facts);
		this.exitCode = exit;
	}
}

/** The error for people of a failure in a room that knows only its code and facts. */
export function fromTrouble({ code, facts, cause }: CodedError): CanonWifiError {
	if (!Object.hasOwn(catalogue, code)) throw new TypeError(`There is no error ${code}.`);
	return new CanonWifiError(code as ErrorCode, facts as never, { cause });
}

/** The run was stopped from outside: Ctrl-C, SIGTERM, or Ctrl-C at a question. Not an error; the reason of the abort signal. */
export class Stopped extends Error {
	override readonly name = 'Stopped';
	readonly exitCode: number;

	constructor(by: 'SIGINT' | 'SIGBREAK' | 'SIGQUIT' | 'SIGTERM' | 'SIGHUP' | 'SIGALRM' | 'SIGXCPU') {
		super(by);
		this.exitCode = by === 'SIGINT' || by === 'SIGBREAK' ? EXIT.interrupted : EXIT.terminated;
	}
}
