/**
 * Would a camera's search be heard here? A bound socket and a joined group prove nothing: another program may get the
 * datagrams, a firewall may drop them, and a membership may be lost. So we send test searches of our own, one to the group and
 * one to our address alone. This file builds and recognises them and interprets the result.
 */
import { printable } from '#base/text.ts';
import { SSDP_GROUP } from '#protocol/ssdp/message.ts';

/** No device offers this, so none answers. */
const SELF_TEST = 'urn:canon-wifi:self-test:';

/** Where a test search is sent: to the group, as cameras do, or to this computer's address alone. */
export type ProbeWay = 'group' | 'alone';

/** Builds a test search. @param token hexadecimal digits and dashes */
export function probeSearch(token: string, way: ProbeWay): string {
	const lines = ['M-SEARCH * HTTP/1.1', `HOST: ${SSDP_GROUP}:1900`, 'MAN: "ssdp:discover"', 'MX: 1', `ST: ${SELF_TEST}${token}:${way}`];
	return [...lines, '', ''].join('\r\n');
}

/** Reads a test search's target, ours or another computer's. Returns undefined for any other target. */
export function probeOf(target: string): { token: string; way: ProbeWay } | undefined {
	const [, token, way] = /^urn:canon-wifi:self-test:([0-9a-f-]{1,64}):(group|alone)$/.exec(target) ?? [];
	return token === undefined ? undefined : { token, way: way as ProbeWay };
}

/** The result of a test. */
export interface Heard {
	/** Error code of sending; `null` when it was sent. */
	sendRefused: string | null;
	group: boolean;
	alone: boolean;
}

/** `shared`: cameras' searches are heard, but unicast datagrams to this computer go to another program. */
export type ProbeVerdict = 'hears' | 'shared' | 'deaf';

/** Interprets the result of a test. */
export function judgeHearing({ sendRefused, group, alone }: Heard): ProbeVerdict {
	if (sendRefused !== null || !group) return 'deaf';
	return alone ? 'hears' : 'shared';
}

/** Another program that has the port open. */
export interface PortHolder {
	pid: number | null;
	program: string | null;
}

/** Number of programs named in a message. */
const NAMED = 3;

/** Builds the warning that searches are not heard, with the likely cause and what to do. */
export function hearingFault(
	{ sendRefused, alone }: Heard,
	{ interface: name, address, port, holders }: { interface: string; address: string; port: number; holders: readonly PortHolder[] },
): { message: string; next: string } {
	const where = `UDP port ${port} of ${printable(name)}, ${address}`;
	if (sendRefused !== null)
		return {
			message: `A test search could not be sent from ${printable(name)}, ${address} (${sendRefused}), so cameras may not be heard.`,
			next: 'Check that this interface is up and that no VPN, firewall or privacy setting forbids it; run `canon-wifi doctor` for details.',
		};
	const programs = [...new Set(holders.map(wordsFor))];
	const others = programs.length > NAMED ? [...programs.slice(0, NAMED), `${programs.length - NAMED} more`] : programs;
	const firewall = 'open the port in the firewall, or disconnect the VPN; run `canon-wifi doctor` for details.';
	if (others.length > 0)
		return {
			message: `A test search to ${where}, did not arrive, so cameras are not heard. The port is also open in ${others.join(', ')}.`,
			next: `Close ${others.length === 1 ? 'that program' : 'these programs'}; if that does not help, ${firewall}`,
		};
	return {
		message: `A test search to ${where}, did not arrive${alone ? ' through the multicast group' : ''}, so cameras are not heard.`,
		next: `${firewall.charAt(0).toUpperCase()}${firewall.slice(1)}`,
	};
}

function wordsFor({ pid, program }: PortHolder): string {
	return pid === null ? "another user's program" : `${printable(program ?? 'a program')} (process ${pid})`;
}

/** Whether multicast works on one interface. */
export interface MulticastFacts {
	/** Error code of joining the group; `null` when it was joined. */
	joinRefused: string | null;
	/** Error code of sending to the group; `null` when it was sent. */
	sendRefused: string | null;
	/** Our own datagram came back through the group. */
	heard: boolean;
	/** So did one that was sent to our address alone; absent when the first one was not heard. */
	heardAlone?: boolean | undefined;
}
