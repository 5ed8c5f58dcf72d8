/** The commands' surroundings with a real settings folder, and what they said. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Event } from '#contract/events.ts';
import { confWrite } from '#settings/conf-write.ts';
import { openIdentities } from '#settings/identities.ts';
import { namedFiles } from '#settings/named-files.ts';
import { openProfiles } from '#settings/profiles.ts';
import { PROFILES_FILE } from '#settings/rules/judge.ts';

export function savedSettings({ json = false, columns = 80, stdin = '' } = {}) {
	const home = fs.mkdtempSync(path.join(os.tmpdir(), 'canon-wifi-command-'));
	const folder = path.join(home, 'settings');
	const said = { text: '', events: [] as Event[] };
	const date = () => new Date('2026-02-01T08:30:00Z');
	const deps = {
		emit: (event: Event) => void said.events.push(event),
		out: (text: string) => {
			said.text += text;
		},
		columns,
		json,
		clock: { now: () => 0, date, sleep: async () => {} },
		profiles: openProfiles({ folder, write: confWrite(PROFILES_FILE), now: date }),
		identities: openIdentities({ folder, now: date, makeUuid: () => '00000000-0000-4000-8000-000000000001' }),
		files: namedFiles(Readable.from([stdin])),
	};
	return { home, folder, said, deps };
}
