/** The fields of a profile that a person may set, and how their values are written. */

import { splitWords } from '#base/shell-words.ts';
import { nearest } from '#base/suggest.ts';
import { printable } from '#base/text.ts';
import { CanonWifiError } from '#contract/errors.ts';
import { judgeName } from '#contract/identity.ts';
import { POLICIES, type Profile, TOOL_CHOICES } from '#contract/profile.ts';
import { ipv4 } from '#network/rules/networks.ts';

/** Parses a value. Throws the end of a sentence ("must be ...") if it is invalid. */
type Read<T> = (text: string) => T;

const textOrNull: Read<string | null> = (text) => (text === '' ? null : text);
const oneOf =
	<T extends string>(choices: readonly T[]): Read<T> =>
	(text) => {
		const choice = choices.find((one) => one === text.toLowerCase());
		if (choice === undefined) throw new Error(`must be one of ${choices.join(', ')}`);
		return choice;
	};

const KEYS = {
	tool: oneOf(TOOL_CHOICES),
	toolPath: textOrNull,
	toolArgs: (text) => {
		const words = splitWords(text);
		if (words === undefined) throw new Error('has a quotation mark without its other half');
		return words;
	},
	unlock: oneOf(POLICIES),
	keepalive: oneOf(POLICIES),
	os: (text) => (text === '' || text === 'auto' ? null : oneOf(['dryos', 'vxworks'])(text)),
	interface: textOrNull,
	name: (text) => {
		const refused = text === '' ? undefined : judgeName(text).refused;
		if (refused !== undefined) throw new Error(`cannot be shown on a camera: ${refused}`);
		return textOrNull(text);
	},
	model: textOrNull,
	mac: (text) => {
		const mac = text.toLowerCase().replaceAll('-', ':');
		if (mac !== '' && !/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac)) throw new Error('must be a MAC address like 00:1e:8f:12:34:56');
		return textOrNull(mac);
	},
	lastAddress: (text) => {
		if (text !== '' && ipv4(text) === undefined) throw new Error('must be an IPv4 address like 192.168.1.20');
		return textOrNull(text);
	},
} satisfies { [K in keyof Profile]?: Read<Profile[K]> };

/** The keys that `profiles set` accepts. `tool-path` is accepted for `toolPath` too, because flags are written that way. */
export const PROFILE_KEYS = Object.keys(KEYS) as (keyof typeof KEYS)[];
/** The possible values of keys that have a fixed set of values, for people and shells. */
export const KEY_CHOICES: Readonly<Partial<Record<keyof Profile, readonly string[]>>> = {
	tool: TOOL_CHOICES,
	unlock: POLICIES,
	keepalive: POLICIES,
	os: ['auto', 'dryos', 'vxworks'],
};

/** Parses `KEY=VALUE` words into changes. An empty value clears a field. Throws `usage`, before anything is changed. */
export function readChanges(words: readonly string[]): Partial<Profile> {
	const changes: Record<string, unknown> = {};
	for (const word of words) {
		const at = word.indexOf('=');
		if (at < 1) throw wrong(`"${printable(word)}" is not KEY=VALUE.`, `Keys are: ${PROFILE_KEYS.join(', ')}.`);
		const key = keyOf(word.slice(0, at));
		const text = word.slice(at + 1);
		if (Object.hasOwn(changes, key)) throw wrong(`${key} is given twice.`, 'Give it once.');
		try {
			changes[key] = KEYS[key](text);
		} catch (error) {
			throw wrong(`${key} ${(error as Error).message}, not "${printable(text)}".`, 'Correct the value; nothing was changed.');
		}
	}
	return changes as Partial<Profile>;
}

function keyOf(given: string): keyof typeof KEYS {
	const camel = given.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
	const key = PROFILE_KEYS.find((one) => one === camel);
	if (key !== undefined) return key;
	if (camel === 'id') throw wrong('The id of a profile is not set like a value.', 'Use `canon-wifi profiles rename PROFILE NEW-NAME`.');
	if (['serial', 'firmware', 'chdk', 'created', 'lastUsed'].includes(camel))
		throw wrong(`${camel} is learnt from the camera and cannot be set.`, 'It is brought up to date at the next connection.');
	const meant = nearest(camel, PROFILE_KEYS);
	throw wrong(
		`A profile has no key "${printable(given)}".`,
		meant === undefined ? `Keys are: ${PROFILE_KEYS.join(', ')}.` : `Did you mean ${meant}?`,
	);
}

function wrong(problem: string, next: string): CanonWifiError {
	return new CanonWifiError('usage', { problem, next });
}
