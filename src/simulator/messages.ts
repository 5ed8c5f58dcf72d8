/** The texts of the simulated camera's events for people. */

import { formatBytes, printable } from '#base/text.ts';
import { hexCode } from '#protocol/ptp/codes.ts';
import type { OffReason, ScreenContents, SimulatorEvent } from './events.ts';
import { USER_AGENT } from './modes/eos/description.ts';

const off: Readonly<Record<OffReason, string>> = {
	connectionClosed: 'the computer closed the connection',
	probed: 'somebody connected without speaking PTP/IP',
	eventConnectionMissing: 'the event connection did not follow',
	idle: 'nobody connected in time',
	noPtpMode: 'neither 0x1007 nor 0x9801 came in time',
	notConfirmed: 'nobody pressed OK in time',
	silence: 'no request came for too long',
	protocolError: 'the other side did not speak PTP/IP',
	fault: 'a requested fault',
	targetNotFound: 'connection target not found',
	cancelled: 'cancelled',
	powerOff: 'switched off',
	poweredDown: 'switched off by the computer',
};

/** Returns the line for an event, safe for a terminal; `undefined` if the event has none. */
export function plainLine(event: SimulatorEvent): string | undefined {
	switch (event.type) {
		case 'poweredOn':
			return `${event.model} is on${event.scenario === 'reconnect' ? ' and looks for its computer' : ''}`;
		case 'searching':
			return `searches for computers from ${event.from}:${event.port}`;
		case 'answerRefused':
			return `refuses the answer of ${event.from}: ${event.why}`;
		case 'answerIgnored':
			return `ignores ${event.from}: ${event.why === 'notPaired' ? 'it is not paired' : 'it is not the chosen computer'} (${event.uuid})`;
		case 'descriptionRefused':
			return `refuses the description ${printable(event.location)}: ${printable(event.why)}`;
		case 'listed':
			return `lists ${event.names.map((name) => `"${printable(name)}"`).join(', ')}`;
		case 'undecided':
			return `SET is not pressed automatically: there are ${event.names.length} to choose from; use --pick NAME`;
		case 'selected':
			return `SET is pressed on "${printable(event.name)}"`;
		case 'paired':
			return `remembers "${printable(event.name)}" (${event.uuid})`;
		case 'connected':
			return `waits for a client on ${event.address}:${event.port}`;
		case 'initRefused':
			return `refuses a client from ${event.from} (Init Fail ${event.reason}): ${initWhy[event.why]}`;
		case 'initiator':
			return `takes the client "${printable(event.name)}" from ${event.from}`;
		case 'sessionOpened':
			return `session ${event.sessionId} is open`;
		case 'sessionClosed':
			return `session ${event.sessionId} is closed`;
		case 'operation':
			return `${hexCode(event.code)} ${event.name}(${event.params.map(parameter).join(', ')}): ${event.response}${amount(event.sent, event.received)}`;
		case 'screen':
			return screenWords(event.screen);
		case 'unlocked':
			return `levent ${event.levent} unlocks ${event.screen ? 'screen and keys' : 'the keys'}`;
		case 'leventIgnored':
			return `levent ${event.levent} does nothing (${leventWhy[event.why]})`;
		case 'script':
			return `script ${event.id}: ${scriptWords[event.status]}`;
		case 'announcing':
			return `announces itself; its description is at ${event.location}`;
		case 'searchAnswered':
			return `answers the search of ${event.from}`;
		case 'descriptionServed':
			return `${event.from} read the description${event.accepted ? '' : `, but as "${printable(event.userAgent ?? 'nobody')}" and not by GET as ${USER_AGENT}`}`;
		case 'portOpened':
			return `waits for a client on ${event.address}:${event.port}`;
		case 'greetingFailed':
			return `gives up the smartphone ${event.from}: ${printable(event.why)}`;
		case 'phoneServed':
			return `serves the smartphone on ${event.address}:${event.port}`;
		case 'initiatorDropped':
			return `drops ${event.from}: its GUID ${event.guid} is not ${event.expected}`;
		case 'confirmed':
			return `OK is pressed for "${printable(event.name)}"`;
		case 'fault':
			return `fault: ${event.what}`;
		case 'wifiOff':
			return `Wi-Fi off: ${off[event.why]}`;
	}
}

const initWhy = {
	notSelected: 'no computer is chosen yet',
	inUse: 'another one is connected',
	wrongConnection: 'its event connection has no command connection of that number',
	fault: 'a requested fault',
} as const;
const leventWhy = { unknown: 'unknown to this firmware', tooSoon: 'too soon', notInPtpMode: 'not in PTP mode' } as const;
const scriptWords = { started: 'started', compileError: 'does not compile', refused: 'refused, another one runs' } as const;

const parameter = (value: number): string => (value > 0xffff ? `0x${value.toString(16).toUpperCase()}` : String(value));
const amount = (sent: number, received: number): string =>
	sent > 0 ? `, ${formatBytes(sent)} sent` : received > 0 ? `, ${formatBytes(received)} received` : '';

/** Returns the line for a screen; `undefined` if another event has just said the same. */
function screenWords(screen: ScreenContents): string | undefined {
	const words = shown(screen);
	return words === undefined ? undefined : `screen: ${words}`;
}

function shown(screen: ScreenContents): string | undefined {
	switch (screen.shows) {
		case 'off':
			return undefined;
		case 'computers':
			return screen.names.length === 0 ? 'Add a Device..., no computer yet' : undefined;
		case 'phones':
			return screen.names.length === 0 ? 'Searching for smartphones' : undefined;
		case 'searching':
			return `Searching for ${screen.for}`;
		case 'pairing':
			return screen.name === null ? 'Pairing in progress, start EOS Utility on the computer' : `Connect to ${printable(screen.name)}? OK`;
		case 'connecting':
			return `Connecting (${printable(screen.name)})`;
		case 'connected':
			return `Connected to device ${printable(screen.name)}`;
		case 'black':
			return screen.keys === 'locked' ? 'black, keys locked' : 'black, keys free';
		case 'playback':
			return screen.picture === null ? 'playback, no image' : `playback, ${printable(screen.picture)}`;
	}
}
