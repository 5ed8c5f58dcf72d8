/** Every event in words for people. A new event does not compile until it has words here. */

import { formatBytes, printable } from '#base/text.ts';
import type { CameraInfo, Event, EventOf, Refusal } from '#contract/events.ts';
import { OS_NAMES, TOOL_NAMES } from '#contract/names.ts';
import { notACamera } from '#protocol/ptpip/not-a-camera.ts';

export interface Message {
	/** `detail` is shown with -v only; `passing` stands for a moment where a line can be replaced. */
	level: 'good' | 'info' | 'passing' | 'warning' | 'error' | 'detail';
	text: string;
	/** What to do. */
	next?: string | undefined;
}

const REFUSALS: Readonly<Record<Exclude<Refusal, 'noAnswer'>, string>> = {
	refused: 'its port is still closed',
	rejected: 'it does not accept this computer yet',
};

/** `Canon PowerShot ELPH 130 IS, serial 1234, CHDK 2.9 on DryOS` */
export function cameraWords({ model, serial, chdk, os }: CameraInfo): string {
	const parts = [model === null ? 'the camera' : printable(model)];
	if (serial !== null && serial !== '') parts.push(`serial ${printable(serial)}`);
	if (chdk === 'present') parts.push('with CHDK');
	else if (typeof chdk === 'string') parts.push(`CHDK ${printable(chdk)}${os === null ? '' : ` on ${OS_NAMES[os]}`}`);
	else if (os !== null) parts.push(OS_NAMES[os]);
	if (chdk === false) parts.push('no CHDK');
	return parts.join(', ');
}

const UNLOCK_WHY = {
	noChdk: 'The screen stays black while connected: only CHDK can unlock it, and this camera has no CHDK.',
	toolCannot: 'The screen stays black: gphoto2 cannot unlock it. With CHDK on the camera, --tool chdkptp or --tool builtin can.',
	off: 'The screen is left black, because of --unlock never.',
	failed: 'The screen stays black: the camera did not take the unlock command from CHDK.',
} as const;

/** `Client 3 (studio) from 127.0.0.1 left: 41 operations, 3.1 MB.` */
function clientWords({ number, name, from, state, why, operations, bytesIn = 0, bytesOut = 0 }: EventOf<'client'>): string {
	const who = `Client ${number} (${printable(name)}) from ${from}`;
	if (state === 'connected') return `${who} is connected.`;
	if (state === 'refused') return `${who} was refused: ${printable(why ?? '')}.`;
	const did = operations === undefined ? '' : `: ${operations} operations, ${formatBytes(bytesIn + bytesOut)}`;
	return state === 'cut' ? `${who} was cut off: ${printable(why ?? '')}.` : `${who} left${did}.`;
}

/** `Press SET on the camera. Attempt 3: 192.168.1.45 refuses, its port is still closed.` */
function refusalWords({ number, address, outcome, said }: EventOf<'attempt'> & { outcome: Refusal }): string {
	if (outcome === 'noAnswer') return `Attempt ${number}: ${address} did not answer.`;
	const odd = outcome === 'refused' ? notACamera(said) : undefined;
	if (odd !== undefined) return `Attempt ${number}: ${address} answered, but not like a camera: ${printable(odd)}.`;
	return `Press SET on the camera. Attempt ${number}: ${address} refuses, ${REFUSALS[outcome]}.`;
}

/** One event as a line, or nothing where there is nothing to say. */
export function messageOf(event: Event): Message | undefined {
	switch (event.type) {
		case 'ready':
			return {
				level: 'good',
				text: `Cameras can find this computer as "${printable(event.name)}" on ${printable(event.interface)}, ${event.address}.`,
			};
		case 'search':
			return event.answered
				? { level: 'passing', text: `${event.from} searches for a computer.` }
				: { level: 'detail', text: `${event.from} searches for ${printable(event.target)}: not answered (${event.ignored ?? 'unknown'}).` };
		case 'description':
			return {
				level: 'info',
				text: `${event.from} read this computer's description${event.userAgent === null ? '' : ` (${printable(event.userAgent)})`}.`,
			};
		case 'camera':
			return {
				level: 'good',
				text: `Camera found: ${event.address}${event.maker === null && event.mac === null ? '' : ` (${[event.maker, event.mac].filter((part) => part !== null).join(', ')})`}.`,
			};
		case 'attempt':
			if (event.outcome === undefined)
				return { level: 'detail', text: `Attempt ${event.number}: ${TOOL_NAMES[event.tool]} connects to ${event.address}.` };
			return { level: 'passing', text: refusalWords({ ...event, outcome: event.outcome }) };
		case 'connected':
			return {
				level: 'good',
				text: `Connected with ${TOOL_NAMES[event.tool]}${event.via === 'hold' ? ' through the running hold' : ''}: ${cameraWords(event)}.`,
			};
		case 'keepalive':
			return { level: 'detail', text: `${event.operation} sent: the camera will not time out.` };
		case 'unlock':
			if (event.done) return { level: 'good', text: "The camera's screen and buttons are unlocked." };
			return event.why === 'off' ? { level: 'detail', text: UNLOCK_WHY.off } : { level: 'info', text: UNLOCK_WHY[event.why ?? 'failed'] };
		case 'toolSaid':
			return { level: 'detail', text: `${event.tool}: ${printable(event.line)}` };
		case 'transfer':
			return {
				level: 'detail',
				text: `${printable(event.file)}: ${event.state === 'skipped' ? 'already here' : `${formatBytes(event.bytes)} of ${formatBytes(event.total)}`}.`,
			};
		case 'sharing':
			return {
				level: 'good',
				text: `${event.profile === null ? 'The camera' : printable(event.profile)} is shared at ${event.address}:${event.port}:\n${event.lines.map((line) => `  ${line}`).join('\n')}`,
			};
		case 'client':
			return { level: event.state === 'cut' ? 'warning' : 'detail', text: clientWords(event) };
		case 'withheld':
			return {
				level: 'warning',
				text: `Client ${event.client} asked for ${event.operation}, which would end the session for all clients: answered ${event.answer}.`,
				next: `--pass-through ${event.operation} passes it on.`,
			};
		case 'held':
			return undefined;
		case 'lost':
			return { level: 'warning', text: `The connection to ${event.address} was lost: ${printable(event.why)}.` };
		case 'ended':
			return { level: 'detail', text: `${TOOL_NAMES[event.tool]} ended (${event.signal ?? event.exitCode ?? 'unknown'}).` };
		case 'profile':
			return { level: 'detail', text: `Profile "${printable(event.id)}" saved.` };
		case 'instruction':
			return { level: 'info', text: event.text };
		case 'check':
			return { level: 'detail', text: event.text };
		case 'warning':
			return { level: 'warning', text: event.message, next: event.next };
		case 'error':
			return { level: 'error', text: event.message, next: event.next };
		case 'result':
			return undefined;
		default:
			event satisfies never;
			return undefined;
	}
}
