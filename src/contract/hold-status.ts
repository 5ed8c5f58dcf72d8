/** What a running hold says of itself: the shapes of `status`, and how they are read back. */

import { isLoopback } from '#base/ipv4-literal.ts';
import { type CameraSigns, compareCameras } from './same-camera.ts';

/** One client. Bytes of data phases. */
export interface ClientStatus {
	number: number;
	/** Its own name of itself, unchecked. */
	name: string;
	from: string;
	/** Name of the operation under way. */
	operation: string | null;
	operations: number;
	bytesIn: number;
	bytesOut: number;
	/** Seconds since it connected. */
	age: number;
}

/** One held camera. `bytesIn` comes from the camera. Totals include clients that have left. */
export interface HeldStatus {
	/** The profile's id. */
	id: string | null;
	/** `refused`: it is there and does not take this computer yet. */
	state: 'waiting' | 'connecting' | 'refused' | 'connected';
	/** The camera's own address, when it has been seen. */
	camera: string | null;
	mac: string | null;
	model: string | null;
	serial: string | null;
	/** Where clients connect. */
	address: string;
	port: number;
	/** Sessions with the camera so far. */
	sessions: number;
	/** Seconds since the present session began; `null` without one. */
	age: number | null;
	/** How it is kept from timing out: the last operation sent for that. */
	keepalive: string | null;
	operations: number;
	bytesIn: number;
	bytesOut: number;
	clients: readonly ClientStatus[];
}

export interface HoldStatus {
	v: 1;
	pid: number;
	/** Seconds since it was started. */
	age: number;
	cameras: readonly HeldStatus[];
}

/** Status from a running hold, or nothing when what came is none. */
export function readStatus(text: string): HoldStatus | undefined {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (!isObject(value) || value.v !== 1 || !Number.isInteger(value.pid) || !Array.isArray(value.cameras)) return undefined;
	const sound = value.cameras.every(
		(one) =>
			isObject(one) &&
			typeof one.address === 'string' &&
			Number.isInteger(one.port) &&
			typeof one.state === 'string' &&
			Array.isArray(one.clients) &&
			one.clients.every(isObject),
	);
	return sound ? (value as unknown as HoldStatus) : undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Which camera a person means. */
export interface HeldWish extends Partial<CameraSigns> {
	/** Profile id. */
	id?: string | undefined;
	/** The camera's own address, given by hand. */
	camera?: string | undefined;
}

/** The held camera that is meant, if clients on this computer reach it; without a wish the only one there is. */
export function chooseHeld(holds: readonly HoldStatus[], wish: HeldWish): HeldStatus | undefined {
	const all = holds.flatMap(({ cameras }) => cameras).filter(({ address }) => isLoopback(address) || address === '0.0.0.0');
	return isWish(wish) ? all.find((held) => isMeant(held, wish)) : all.length === 1 ? all[0] : undefined;
}

/** The hold that has this camera or waits for it, wherever its clients are; nothing without a wish. */
export function holderOf(holds: readonly HoldStatus[], wish: HeldWish): { pid: number; held: HeldStatus } | undefined {
	if (!isWish(wish)) return undefined;
	for (const { pid, cameras } of holds) {
		const held = cameras.find((one) => isMeant(one, wish));
		if (held !== undefined) return { pid, held };
	}
	return undefined;
}

function isWish({ id, mac, serial, camera }: HeldWish): boolean {
	return camera !== undefined || id !== undefined || mac != null || serial != null;
}

/** An address says it alone: it was given by hand. */
function isMeant(held: HeldStatus, { id, camera, serial = null, mac = null, ...signs }: HeldWish): boolean {
	if (camera !== undefined) return held.camera === camera;
	if (id !== undefined && held.id === id) return true;
	return compareCameras({ serial, mac, ...signs }, { ...held, address: held.camera }) === 'same';
}
