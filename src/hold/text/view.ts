/** The live view of a hold: a few lines that fit any width, from two readings of its status. */
import { cutTo } from '#base/table.ts';
import { formatBytes, printable } from '#base/text.ts';
import type { ClientStatus, HeldStatus, HoldStatus } from '#contract/hold-status.ts';
import { heldName, heldState } from './table.ts';

/** Bytes so far by client, at one reading. */
export type Marks = ReadonlyMap<string, number>;

/** Number of clients shown for each camera; the rest is only counted. */
const CLIENTS_SHOWN = 4;

const keyOf = (held: HeldStatus, client: ClientStatus): string => `${held.port} ${client.number}`;
const bytesOf = (client: ClientStatus): number => client.bytesIn + client.bytesOut;

/** Notes the bytes of all clients, for the rates of the next reading. */
export function marksOf({ cameras }: HoldStatus): Marks {
	return new Map(cameras.flatMap((held) => held.clients.map((client): [string, number] => [keyOf(held, client), bytesOf(client)])));
}

/** Builds the live view. @param seconds since the reading that `before` is from */
export function viewLines(status: HoldStatus, before: Marks, seconds: number, columns: number): string[] {
	return status.cameras.flatMap((held) => {
		const shown = held.clients.slice(0, CLIENTS_SHOWN);
		const more = held.clients.length - shown.length;
		// A long name is cut so that the state fits.
		const state = ` :${held.port} ${heldState(held)}`;
		const name = cutTo(heldName(held), Math.max(6, columns - 2 - state.length));
		return [
			`${held.state === 'connected' ? '●' : '○'} ${name}${state}`,
			...shown.map((client) => {
				const rate = (bytesOf(client) - (before.get(keyOf(held, client)) ?? bytesOf(client))) / Math.max(seconds, 0.001);
				// Between two parts of a file there is no operation, but the client is not idle.
				const doing = client.operation === null ? (rate > 0 ? '' : ' idle') : ` ${printable(client.operation)}`;
				return `  ${client.number} ${printable(client.name)}${doing}${rate > 0 ? ` ${formatBytes(rate)}/s` : ''}`;
			}),
			...(more > 0 ? [`  and ${more} more`] : []),
		].map((line) => cutTo(line, columns));
	});
}
