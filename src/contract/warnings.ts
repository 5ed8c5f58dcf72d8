/**
 * Every warning: something is odd, and the run goes on. What happened, and what to do where there is something to do.
 * Codes are permanent: scripts match on them. docs/warnings.md is made from this table.
 */
import { printable } from '#base/text.ts';

interface Entry<F> {
	/** What happened, in sentences. */
	message(facts: F): string;
	/** What to do, in sentences; absent, or nothing: there is nothing to do. */
	next?(facts: F): string | undefined;
}
const entry = <F>(e: Entry<F>): Entry<F> => e;

const catalogue = {
	portMoved: entry<{ port: number; movedTo: number }>({
		message: ({ port, movedTo }) => `Port ${port} is taken, so the description is served on port ${movedTo}.`,
	}),
	otherNetwork: entry<
		| { usual: string; used: string | null }
		| { profile: string; last: { interface: string; address: string }; used: { interface: string; address: string } }
	>({
		message: (facts) =>
			'profile' in facts
				? `"${facts.profile}" was last used on ${place(facts.last)}, but cameras are answered only on ${place(facts.used)}.`
				: `The profile's network ${printable(facts.usual)} is not up now${facts.used === null ? '' : `, so ${printable(facts.used)} is used`}.`,
		next: (facts) =>
			'profile' in facts
				? `Hold it with a second command: \`canon-wifi hold ${facts.profile}\`.`
				: `To insist on it, use --interface ${printable(facts.usual)}.`,
	}),
	addressChanged: entry<{ interface: string; from: string; to: string }>({
		message: ({ interface: name, from, to }) => `${printable(name)} now has the address ${to} instead of ${from}.`,
	}),
	networkChanged: entry<Record<'from' | 'to', { interface: string; address: string }>>({
		message: ({ from, to }) => `Cameras are now answered on ${place(to)}, instead of ${place(from)}.`,
	}),
	/** `flag`: what asked for this network by hand. `instead`: what a new start could use, as words. */
	networkLost: entry<{ interface: string; address: string; flag: string | null; instead: string | null }>({
		message: ({ interface: name, address, flag }) =>
			`${printable(name)} has lost its address ${address}: no camera can find this computer until ${
				flag === null ? 'it has one again' : `it is back, since ${flag} asks for it`
			}.`,
		next: ({ interface: name, instead }) =>
			`Connect ${printable(name)} to the camera's network again.${instead === null ? '' : ` Or start again with ${instead}.`}`,
	}),
	/** `sendRefused`: error code of sending. `alone`: a search to this computer's address alone arrived. `programs`: others with the port. */
	notHeard: entry<{
		interface: string;
		address: string;
		port: number;
		sendRefused: string | null;
		alone: boolean;
		programs: readonly string[];
	}>({
		message: ({ interface: name, address, port, sendRefused, alone, programs }) => {
			if (sendRefused !== null)
				return `A test search could not be sent from ${place({ interface: name, address })} (${sendRefused}), so cameras may not be heard.`;
			const where = `UDP port ${port} of ${place({ interface: name, address })}`;
			if (programs.length > 0)
				return `A test search to ${where}, did not arrive, so cameras are not heard. The port is also open in ${programs.map(printable).join(', ')}.`;
			return `A test search to ${where}, did not arrive${alone ? ' through the multicast group' : ''}, so cameras are not heard.`;
		},
		next: ({ sendRefused, programs }) => {
			if (sendRefused !== null)
				return 'Check that this interface is up and that no VPN, firewall or privacy setting forbids it; run `canon-wifi doctor` to find out more.';
			const firewall = 'Open the port in the firewall, or disconnect the VPN; run `canon-wifi doctor` to find out more.';
			const close = `Close ${programs.length === 1 ? 'that program' : 'these programs'}. If that does not help: `;
			return `${programs.length === 0 ? '' : close}${firewall}`;
		},
	}),
	responderFailed: entry<{ why: string }>({
		message: ({ why }) => `Answering cameras was interrupted: ${printable(why)}. It is being set up again.`,
	}),
	/** What the error says that setting up again ended with. */
	cannotAnswer: entry<{ message: string; next: string | undefined }>({
		message: ({ message }) => message,
		next: ({ next }) => next,
	}),
	otherAnswerer: entry<{ process: number; address: string }>({
		message: ({ process, address }) => `Another canon-wifi (process ${process}) already answers cameras here, on ${address}.`,
		next: () => 'Stop one of the two: a camera takes whichever answers first.',
	}),
	behindNat: entry<{ what: string; next: string }>({
		message: ({ what }) => `This is ${what}: searches from cameras on the LAN do not arrive here.`,
		next: ({ next }) => next,
	}),
	/** `profile`: the camera that is missing, where several are waited for. */
	stillWaiting: entry<{ profile: string | null; hint: string }>({
		message: ({ profile }) => (profile === null ? 'No camera yet.' : `The camera "${profile}" has not come yet.`),
		next: ({ hint }) => hint,
	}),
	otherCamera: entry<
		{ address: string; is: string; wanted: readonly string[]; command: 'connect' | 'hold' } | { profile: string; is: string | null }
	>({
		message: (facts) => {
			if ('wanted' in facts)
				return `The camera at ${facts.address} is "${facts.is}", not ${facts.wanted.map((id) => `"${id}"`).join(' or ')}, so it is left alone.`;
			const but = facts.is === null ? ', and nothing about it was saved' : ` but that of "${facts.is}"`;
			return `This is not the camera of "${facts.profile}"${but}.`;
		},
		next: (facts) =>
			'wanted' in facts
				? `Run \`canon-wifi ${facts.command} ${facts.is}\` for it, or use it anyway with --camera ${facts.address}.`
				: undefined,
	}),
	notSaved: entry<{ why: string }>({
		message: ({ why }) => why,
	}),
	unusualName: entry<{ name: string; why: string }>({
		message: ({ name, why }) => `The name "${printable(name)}" may look wrong on the camera: ${why}.`,
	}),
	oldUuid: entry<{ file: string }>({
		message: ({ file }) =>
			`${file} in this folder holds another UUID than this computer's; cameras that were paired with it do not know this computer.`,
		next: ({ file }) => `To use that UUID, run \`canon-wifi identity import ${file}\`.`,
	}),
	identitySaved: entry<{ file: string; movedTo: string; uuid: string }>({
		message: ({ file, movedTo, uuid }) =>
			`${printable(file)} was damaged and was moved to ${printable(movedTo)}. The UUID in it, ${uuid}, is still used: paired cameras still know this computer.`,
	}),
	identityLost: entry<{ file: string }>({
		message: ({ file }) =>
			`This computer has a new UUID, because ${printable(file)} could not be read: cameras that were paired before no longer know it.`,
		next: () =>
			'If you know the old UUID, `canon-wifi identity import FILE` restores it. Otherwise `canon-wifi identity new` settles it, and each camera must be paired again.',
	}),
	openToAll: entry<{ address: string }>({
		message: ({ address }) => `Anyone who can reach ${address} can use the camera and delete its pictures: PTP/IP has no password.`,
	}),
	leftoverEnded: entry<{ tool: string }>({
		message: ({ tool }) => `A ${tool} left over from a killed run still had the camera, so it was stopped.`,
		next: () => 'If the camera has switched its Wi-Fi off, choose the connection on it again.',
	}),
	questionWaits: entry<object>({
		message: () => 'This program has a question, but it is in the background.',
		next: () => 'Bring it to the foreground with fg.',
	}),
	/** `tool`: it was ended by Ctrl-C. `saved`: a profile. `kept`: what was saved without a camera; empty: nothing. */
	stopped: entry<{ tool: string | null } | { saved: string } | { kept: string }>({
		message: (facts) => {
			if ('tool' in facts) return `Ctrl-C ended ${facts.tool ?? 'the tool'} before it could close the session.`;
			if ('saved' in facts) return `Stopped; the camera is saved as "${facts.saved}".`;
			return facts.kept === '' ? 'Stopped; nothing was changed.' : `Stopped; saved: ${printable(facts.kept)}. No camera was saved.`;
		},
		next: (facts) => {
			if ('tool' in facts) return 'To end it properly, type `quit` at its prompt or press Ctrl-D.';
			return 'saved' in facts ? `\`canon-wifi connect ${facts.saved}\` uses it.` : 'Run the same command to continue.';
		},
	}),
	keepaliveFailed: entry<{ why: string }>({
		message: ({ why }) => `The camera could not be kept from timing out: ${printable(why)}.`,
		next: () => 'It may leave soon; --reconnect waits for it again.',
	}),
	/** `value`: of cam_connect_set_ptp_mode. */
	keepaliveOff: entry<{ value: string }>({
		message: ({ value }) =>
			`chdkptp's own setting cam_connect_set_ptp_mode=${printable(value)} leaves out the operation that keeps the camera from timing out.`,
		next: () => 'Use --keepalive always, or change that setting.',
	}),
	unlockFailed: entry<{ why: string }>({
		message: ({ why }) => `The camera's screen and buttons could not be unlocked: ${printable(why)}.`,
		next: () => 'Check --os, and that the CHDK on the card is the one for this camera.',
	}),
	osDiffers: entry<{ os: string }>({
		message: ({ os }) => `The camera says that it runs ${printable(os)}, but --os says otherwise: its screen may stay black.`,
		next: () => 'Leave --os out.',
	}),
	osUnknown: entry<{ said: string } | { why: string }>({
		message: (facts) =>
			'said' in facts
				? `The camera says that it runs "${printable(facts.said)}": its screen may stay black.`
				: `The camera could not be asked for its operating system: ${printable(facts.why)}.`,
		next: () => 'Give --os dryos or --os vxworks.',
	}),
	chdkSilent: entry<{ why: string }>({
		message: ({ why }) => `CHDK on the camera did not report its version: ${printable(why)}.`,
		next: () => 'Update CHDK on the card.',
	}),
	timesNotSet: entry<{ folder: string; why: string }>({
		message: ({ folder, why }) =>
			`Files in ${printable(folder)} cannot be given the camera's time (${printable(why)}). They are saved with the time of this computer.`,
	}),
	/** What the error says that a use of the paired camera ended with. */
	useFailed: entry<{ message: string; next: string }>({
		message: ({ message }) => message,
		next: ({ next }) => next,
	}),
	toolUnproven: entry<{ tool: string; why: string }>({
		message: ({ tool, why }) => `${tool} could not use the camera: ${printable(why).replace(/\.$/, '')}.`,
		next: () => 'The camera is saved. `canon-wifi doctor` checks the tool; --tool chooses another.',
	}),
	emptyFile: entry<{ file: string }>({
		message: ({ file }) =>
			`${printable(file)} is empty: the camera says 0 bytes, and sent none when asked for them. If it should be a picture or movie, it is not here.`,
	}),
} as const;

/** `wlan0, 192.168.1.20` */
function place({ interface: name, address }: { interface: string; address: string }): string {
	return `${printable(name)}, ${address}`;
}

export type WarningCode = keyof typeof catalogue;
export type WarningFacts<C extends WarningCode> = Parameters<(typeof catalogue)[C]['message']>[0];

/** A `warning` event. */
export interface Warning<C extends WarningCode = WarningCode> {
	type: 'warning';
	code: C;
	message: string;
	/** What to do; absent where there is nothing to do. */
	next?: string | undefined;
}

/** Every code, for docs/warnings.md. */
export const WARNING_CODES = Object.keys(catalogue) as readonly WarningCode[];

/** The event of a warning, in the words of the catalogue. Text from outside in `facts` is made printable. */
export function warning<C extends WarningCode>(code: C, facts: WarningFacts<C>): Warning<C> {
	const { message, next } = catalogue[code] as Entry<WarningFacts<C>>;
	const advice = next?.(facts);
	return { type: 'warning', code, message: message(facts), ...(advice === undefined ? {} : { next: advice }) };
}

/** A warning in one text: what happened, then what to do. */
export function warningText({ message, next }: Pick<Warning, 'message' | 'next'>): string {
	return next === undefined ? message : `${message} ${next}`;
}
