import { expect, test } from 'vitest';
import { mentionedInPs, PS_COMMAND_LINES, PS_ROWS, rowsInPs, treeIn } from '#tools/rules/process-list.ts';

/** Laid out as macOS prints them (adv_cmds, ps.c): numbers to the right, paths with spaces, a zombie in parentheses. */
const ROWS = `    1     0     1 Ss   /sbin/launchd
  501     1   501 S    /System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal
 4711   501  4711 S+   /usr/local/opt/node@22/bin/node
 4720  4711  4720 S    /bin/sh
 4721  4720  4720 S    /Users/me and you/built from source/chdkptp
 4722  4711  4722 Z    (gphoto2)
`;
const FOLDER = '/Users/me/Library/Preferences/canon-wifi/chdkptp/run-4000-1';
const COMMAND_LINES = `    1 /sbin/launchd
 4711 node /usr/local/bin/canon-wifi connect
 4720 /bin/sh /opt/chdkptp/chdkptp.sh -e#${FOLDER} -eexec <"/opt/templates/chdk/connect.lua" -i
 4721 /opt/chdkptp/chdkptp -e#${FOLDER} -eexec <"/opt/templates/chdk/connect.lua" -i
 4722 (gphoto2)
`;

test('reads the processes that macOS lists', () => {
	expect(rowsInPs(ROWS).slice(-2)).toEqual([
		{ pid: 4721, name: 'chdkptp', parent: 4720, group: 4720, zombie: false },
		{ pid: 4722, name: '(gphoto2)', parent: 4711, group: 4722, zombie: true },
	]);
	expect(rowsInPs(ROWS)).toHaveLength(6);
	expect(rowsInPs('')).toEqual([]);
});

test('finds all descendants of a process', () => {
	expect(treeIn(rowsInPs(ROWS), 4711)).toEqual([4711, 4720, 4722, 4721]);
	expect(treeIn([], 4711)).toEqual([4711]);
});

test('finds a tool and its wrapper by the folder that their command lines name', () => {
	expect(mentionedInPs(COMMAND_LINES, FOLDER)).toEqual([4720, 4721]);
	expect(mentionedInPs(COMMAND_LINES, '/Users/me/Library/Preferences/canon-wifi/chdkptp/run-4001-1')).toEqual([]);
});

test('asks for one column with each -o, as the BSDs want it', () => {
	for (const args of [PS_ROWS, PS_COMMAND_LINES]) expect(args.join(' ')).not.toMatch(/=,|=\w/);
});
