/**
 * Could a camera's search be heard here? That a socket is bound and the group joined proves nothing: another program can get
 * what arrives, a firewall can drop it, and a membership can be lost. So a search of our own is sent, to the group and to our
 * address alone. Here: what is sent, how it is known again, and what it tells.
 */
import { printable } from '#base/text.ts';
import { type Warning, warning } from '#contract/warnings.ts';
import { SSDP_GROUP } from '#protocol/ssdp/message.ts';

/** Nobody offers this, so nobody answers. */
const SELF_TEST = 'urn:canon-wifi:self-test:';

/** To the group, as cameras do, or to this computer's address alone. */
export type ProbeWay = 'group' | 'alone';

/** The search that is sent. `token`: hexadecimal digits and dashes. */
export function probeSearch(token: string, way: ProbeWay): string {
	const lines = ['M-SEARCH * HTTP/1.1', `HOST: ${SSDP_GROUP}:1900`, 'MAN: "ssdp:discover"', 'MX: 1', `ST: ${SELF_TEST}${token}:${way}`];
	return [...lines, '', ''].join('\r\n');
}

/** What a search target says of a probe, ours or another computer's; nothing for any other target. */
export function probeOf(target: string): { token: string; way: ProbeWay } | undefined {
	const [, token, way] = /^urn:canon-wifi:self-test:([0-9a-f-]{1,64}):(group|alone)$/.exec(target) ?? [];
	return token === undefined ? undefined : { token, way: way as ProbeWay };
}

/** What became of a probe. */
export interface Heard {
	/** Error code of sending; `null`: sent. */
	sendRefused: string | null;
	group: boolean;
	alone: boolean;
}

/** `shared`: cameras' searches are heard, but what is sent to this computer alone goes to another program. */
export type ProbeVerdict = 'hears' | 'shared' | 'deaf';

export function judgeHearing({ sendRefused, group, alone }: Heard): ProbeVerdict {
	if (sendRefused !== null || !group) return 'deaf';
	return alone ? 'hears' : 'shared';
}

/** Another program that has the port. */
export interface PortHolder {
	pid: number | null;
	program: string | null;
}

/** Programs named to a person. */
const NAMED = 3;

/** That searches are not heard, with the likely cause, and what to do. */
export function notHeard(
	{ sendRefused, alone }: Heard,
	{ holders, ...where }: { interface: string; address: string; port: number; holders: readonly PortHolder[] },
): Warning<'notHeard'> {
	const all = [...new Set(holders.map(wordsFor))];
	const programs = all.length > NAMED ? [...all.slice(0, NAMED), `${all.length - NAMED} more`] : all;
	return warning('notHeard', { ...where, sendRefused, alone, programs });
}

function wordsFor({ pid, program }: PortHolder): string {
	return pid === null ? "another user's program" : `${printable(program ?? 'a program')} (process ${pid})`;
}

export interface MulticastFacts {
	/** Error code of joining the group; `null`: joined. */
	joinRefused: string | null;
	/** Error code of sending to the group; `null`: sent. */
	sendRefused: string | null;
	/** Our own datagram came back through the group. */
	heard: boolean;
	/** So did one that was sent to our address alone; absent: not looked at, since the other was not heard. */
	heardAlone?: boolean;
}
