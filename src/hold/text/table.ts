/** A hold's status as text. */
import { formatBytes, printable } from '#base/text.ts';
import type { ClientStatus, HeldStatus, HoldStatus } from '#contract/hold-status.ts';
import { gphoto2Port } from '../rules/listen.ts';

/** Formats an age, for example `2 h 5 min`, `5 min` or `12 s`. */
export function ageText(seconds: number): string {
	const minutes = Math.floor(seconds / 60);
	if (minutes === 0) return `${Math.floor(seconds)} s`;
	const hours = Math.floor(minutes / 60);
	return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

/** What to call a camera: its profile, its model, or its address. */
export function heldName({ id, model, camera }: Pick<HeldStatus, 'id' | 'model' | 'camera'>): string {
	return printable(id ?? model ?? camera ?? 'camera');
}

/** Describes what a held camera is doing. */
export function heldState({ state, age, camera }: HeldStatus): string {
	if (state === 'connected') return `held for ${ageText(age ?? 0)}`;
	if (state === 'refused') return 'press SET on the camera';
	return state === 'connecting' && camera !== null ? `connecting to ${camera}` : 'waiting for the camera';
}

/** Describes one client in one line. */
export function clientLine({ number, name, from, operation, operations, bytesIn, bytesOut, age }: ClientStatus): string {
	const where = from.startsWith('127.') ? '' : ` from ${from}`;
	const did = `${operations} operations, ${formatBytes(bytesIn)} in, ${formatBytes(bytesOut)} out`;
	return `client ${number} (${printable(name)})${where}, ${ageText(age)}: ${did}${operation === null ? '' : `, at ${printable(operation)}`}`;
}

/** Lists all held cameras with their clients. The lines fit 80 columns unless a name is long. */
export function statusLines(holds: readonly HoldStatus[]): string[] {
	return holds.flatMap((hold) =>
		hold.cameras.flatMap((held) => [
			`${heldName(held)}: ${heldState(held)}`,
			`  ${gphoto2Port(held.address, held.port)}, process ${hold.pid}`,
			`  ${held.operations} operations, ${formatBytes(held.bytesIn)} in, ${formatBytes(held.bytesOut)} out, ${held.clients.length} ${held.clients.length === 1 ? 'client' : 'clients'} now`,
			...held.clients.map((client) => `  ${clientLine(client)}`),
		]),
	);
}
