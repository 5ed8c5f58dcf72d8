/** Judges the program itself: Node, settings and tools. */

import { printable } from '#base/text.ts';
import { EXIT } from '#contract/errors.ts';
import type { SettingsFacts, SettingsFileFacts, SystemFacts } from './facts.ts';
import { type Row, row } from './rows.ts';

/** What was found out about a tool. */
export interface ToolReport {
	tool: string;
	state: 'usable' | 'missing' | 'withoutNetwork' | 'tooOld' | 'broken';
	path: string | null;
	version: string | null;
	note: string;
	next: string;
}

/** Names Node's version and the system. */
export function systemRows({ node, platform }: SystemFacts): Row[] {
	return [row('Node', 'ok', `${node} on ${platform}.`)]; // bin/canon-wifi.mjs runs nothing on one that is too old
}

/** Judges a tool. A missing tool is not an error, because the built-in client is always available. */
export function toolRow({ tool, state, path, version, note, next }: ToolReport): Row {
	const which = [version === null ? '' : printable(version), path === null ? '' : `at ${printable(path)}`]
		.filter((part) => part !== '')
		.join(' ');
	const text = [which === '' ? '' : `${which}.`, printable(note)].filter((part) => part !== '').join(' ');
	const what = {
		usable: 'Usable.',
		missing: 'Not installed.',
		withoutNetwork: 'Built without network support (PTP/IP).',
		tooOld: 'Too old.',
		broken: 'Does not run.',
	}[state];
	if (state === 'usable') return row(tool, 'ok', text === '' ? what : text, next);
	return row(tool, state === 'missing' ? 'info' : 'warn', text === '' ? what : `${what} ${text}`, next);
}

/** Judges the settings folder and its files. */
export function settingsRows({ folder, unwritable, identity, profiles, damaged }: SettingsFacts): Row[] {
	const rows = [
		unwritable === null
			? row('settings', 'ok', `${printable(folder)} can be written.`)
			: settingsError(
					'settings',
					`Nothing can be saved in ${printable(folder)}: ${unwritable}.`,
					'Check who owns that folder, or choose another with --config-dir.',
				),
		fileRow('identity', identity, ({ uuid }) => `This computer is ${String(uuid)}.`, 'Is made at the first start.'),
		fileRow('profiles', profiles, (settings) => saved((settings.profiles as unknown[]).length), 'None saved yet.'),
	];
	if (damaged.length > 0)
		rows.push(
			row(
				'moved files',
				'warn',
				`Damaged settings were moved to ${damaged.map(printable).join(', ')} in ${printable(folder)}.`,
				'Copy what you need from them, then delete them.',
			),
		);
	return rows;
}

const saved = (count: number): string => (count === 1 ? '1 camera is saved.' : `${count} cameras are saved.`);

function fileRow(
	topic: string,
	{ path, verdict }: SettingsFileFacts,
	words: (settings: Record<string, unknown>) => string,
	none: string,
): Row {
	switch (verdict?.state) {
		case undefined:
			return row(topic, 'info', none);
		case 'good':
			return row(topic, 'ok', words(verdict.settings));
		case 'newer':
			return settingsError(
				topic,
				`${printable(path)} was written by a newer canon-wifi (format ${verdict.version}).`,
				'Update canon-wifi, or choose another folder with --config-dir.',
			);
		case 'damaged':
			return settingsError(
				topic,
				`${printable(path)} is damaged: ${verdict.why}.`,
				'Fix it. Otherwise it is moved to another name the next time it is used.',
			);
		case 'unreadable':
			return settingsError(
				topic,
				`${printable(path)} cannot be read: ${verdict.why}.`,
				'Check who owns it, or choose another folder with --config-dir.',
			);
	}
}

function settingsError(topic: string, text: string, next: string): Row {
	return { ...row(topic, 'error', text, next), exit: EXIT.settings };
}
