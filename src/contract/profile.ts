/** A saved camera: what was learnt of it and how to connect to it again. Plain data, as `profiles.json` holds it. */
import type { CameraOs } from '#protocol/chdk/os.ts';
import { TOOLS, type ToolId } from './names.ts';

/** When to do a step: as far as it makes sense, in any case, or not at all. */
export const POLICIES = ['auto', 'always', 'never'] as const;
export type Policy = (typeof POLICIES)[number];
export const TOOL_CHOICES = [...TOOLS, 'none'] as const;
export type ToolChoice = ToolId | 'none';

export interface Profile {
	/** Short name that a person types; see `profileIdProblem`. */
	id: string;
	model: string | null;
	serial: string | null;
	firmware: string | null;
	/** Six lower-case hex pairs with colons. */
	mac: string | null;
	lastAddress: string | null;
	/** Whether CHDK answered; `null` when nobody asked. */
	chdk: boolean | null;
	os: CameraOs | null;
	tool: ToolChoice;
	toolPath: string | null;
	toolArgs: string[];
	unlock: Policy;
	keepalive: Policy;
	/** Interface name it was paired on. */
	interface: string | null;
	/** This computer's name as the camera shows it. */
	name: string | null;
	/** ISO 8601 times. */
	created: string;
	lastUsed: string | null;
}

/** A profile about which nothing is known but its id. */
export function newProfile(id: string, now: Date): Profile {
	return {
		id,
		model: null,
		serial: null,
		firmware: null,
		mac: null,
		lastAddress: null,
		chdk: null,
		os: null,
		tool: 'builtin',
		toolPath: null,
		toolArgs: [],
		unlock: 'auto',
		keepalive: 'auto',
		interface: null,
		name: null,
		created: now.toISOString(),
		lastUsed: null,
	};
}

/** Why this cannot be a profile's id, or nothing. Ids are typed, completed by shells and printed: letters, digits, `-`, `_`, `.`. */
export function profileIdProblem(id: string): string | undefined {
	if (id === '') return 'it is empty';
	if (id.length > 40) return 'it is longer than 40 characters';
	if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(id))
		return 'it may only have letters, digits, "-", "_" and "." and must begin with a letter or digit';
	if (['__proto__', 'constructor', 'prototype'].includes(id)) return 'that word is reserved';
	return undefined;
}
