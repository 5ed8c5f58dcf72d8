/** Saved cameras, for people. */
import { pairs, table } from '#base/table.ts';
import { printable, quoteArg } from '#base/text.ts';
import type { Profile } from '#contract/profile.ts';
import { KEY_CHOICES } from '#settings/rules/profile-keys.ts';

/** All profiles, one a row. */
export function profilesTable(profiles: readonly Profile[], columns: number): string {
	if (profiles.length === 0) return 'No camera is saved yet. Run `canon-wifi pair` to pair one.\n';
	const rows = profiles.map(({ id, model, tool, lastUsed }) => [id, printable(model ?? 'unknown'), tool, day(lastUsed)]);
	return table(['PROFILE', 'MODEL', 'TOOL', 'LAST USED'], rows, columns);
}

/** One profile in full. */
export function profileText(profile: Profile, columns: number): string {
	const fields = Object.entries(profile).filter(([key]) => key !== 'id');
	return `${profile.id}\n${pairs(
		fields.map(([key]) => printable(key)),
		fields.map(([key, value]) => valueWords(value, key)),
		columns,
	)}`;
}

/** What a person chooses and may leave open; anything else that is empty has not been learnt about the camera yet. */
const CHOSEN: readonly string[] = ['toolPath', 'interface', 'name'] satisfies (keyof Profile)[];

function emptyWords(key: string): string {
	if (key in KEY_CHOICES) return 'auto';
	if (key === 'lastUsed') return 'never';
	return CHOSEN.includes(key) ? 'not set' : 'not known';
}

/** The value of one setting. */
export function valueWords(value: unknown, key: string): string {
	if (value === null || value === '') return emptyWords(key);
	if (typeof value === 'boolean') return value ? 'yes' : 'no';
	if (Array.isArray(value))
		return value.length === 0
			? 'none'
			: printable(value.map((item) => (typeof item === 'string' ? quoteArg(item) : JSON.stringify(item))).join(' '));
	return printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** In local time. */
function day(time: string | null): string {
	if (time === null) return 'never';
	const date = new Date(time);
	if (Number.isNaN(date.getTime())) return printable(time);
	const [month, dayOfMonth, hours, minutes] = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes()].map((part) =>
		String(part).padStart(2, '0'),
	);
	return `${date.getFullYear()}-${month}-${dayOfMonth} ${hours}:${minutes}`;
}

/** `1 profile`, `2 profiles` */
export const count = (profiles: readonly Profile[]): string => (profiles.length === 1 ? '1 profile' : `${profiles.length} profiles`);
