import { expect, test } from 'vitest';
import { CHDK, CHDK_DATA_OUT, chdkCommandName, EXECUTE, LEVENT } from '#protocol/chdk/protocol.ts';

test('sub-commands of protocol 2.9 are numbered without a gap', () => {
	expect(Object.values(CHDK)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
	expect(chdkCommandName(7)).toBe('executeScript');
	expect(chdkCommandName(99)).toBe('0x0063');
});

test("chdkptp's flags for a script are 0x700", () => {
	expect(EXECUTE.noKill | EXECUTE.flushCameraMessages | EXECUTE.flushHostMessages).toBe(0x700);
});

test('scripts, messages, uploads and writes to memory bring data', () => {
	expect([...CHDK_DATA_OUT].sort((a, b) => a - b)).toEqual([2, 3, 5, 7, 11]);
});

test('screen and keys come back by 4482 on DryOS and 4418 on VxWorks', () => {
	expect([LEVENT.dryos.unlock, LEVENT.vxworks.unlock]).toEqual([4482, 4418]);
});
