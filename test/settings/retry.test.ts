/** Windows, as Node reports it: EPERM for what is refused for a moment and for what is not allowed at all. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withFile } from '#settings/fs-error.ts';
import { locked, STALE_MS } from '#settings/lock.ts';
import { plainWrite } from '#settings/plain-write.ts';

const platform = process.platform;
const pretend = (value: string) => Object.defineProperty(process, 'platform', { value });
const refusal = (code = 'EPERM') => Object.assign(new Error(`${code}: operation not permitted`), { code });

let file: string;
beforeEach(() => {
	file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'canon-wifi-refused-')), 'identity.json');
	pretend('win32');
});
afterEach(() => {
	vi.restoreAllMocks();
	pretend(platform);
});

/** Opening files whose name ends so is refused `times` times. */
function refuseOpening(end: string, times: number) {
	const { openSync } = fs;
	return vi.spyOn(fs, 'openSync').mockImplementation((name, ...rest) => {
		if (String(name).endsWith(end) && times-- > 0) throw refusal();
		return openSync(name, ...rest);
	});
}

test('a folder that cannot be written is soon reported as such', () => {
	refuseOpening('.lock', Number.POSITIVE_INFINITY);
	const started = performance.now();
	expect(() => withFile(file, () => locked(file, expect.unreachable))).toThrow(
		expect.objectContaining({ code: 'settingsUnwritable', message: expect.stringContaining('permission denied') }),
	);
	expect(performance.now() - started).toBeLessThan(10_000); // not the patience with other writers
});

test('it waits for a lock that is just being deleted', () => {
	const opening = refuseOpening('.lock', 3);
	expect(locked(file, () => 'done')).toBe('done');
	expect(opening).toHaveBeenCalledTimes(4);
});

test('it does not wait indefinitely for a stale lock in a folder that cannot be written', () => {
	fs.writeFileSync(`${file}.lock`, 'gone');
	const longAgo = new Date(Date.now() - 2 * STALE_MS);
	fs.utimesSync(`${file}.lock`, longAgo, longAgo);
	refuseOpening('.breaking', Number.POSITIVE_INFINITY);
	expect(() => locked(file, expect.unreachable)).toThrow(expect.objectContaining({ code: 'EPERM' }));
});

test.each(['EPERM', 'EACCES', 'EBUSY'])('settings whose file a virus scanner holds (%s) are written a moment later', (code) => {
	const { renameSync } = fs;
	let times = 3;
	vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
		if (times-- > 0) throw refusal(code);
		renameSync(from, to);
	});
	plainWrite(file, { version: 1 });
	expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual({ version: 1 });
	expect(fs.readdirSync(path.dirname(file))).toEqual(['identity.json']);
});

test('settings are saved even if the lock cannot be removed', () => {
	pretend('linux');
	vi.spyOn(fs, 'rmSync').mockImplementation(() => {
		throw refusal();
	});
	expect(locked(file, () => 'saved')).toBe('saved');
});

test.each([
	['EINVAL', true],
	['ENOTSUP', true],
	['EIO', false],
	['ENOSPC', false],
])('a failed fsync with %s: written is %s', (code, written) => {
	vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {
		throw refusal(code);
	});
	const write = () => plainWrite(file, { version: 1 });
	if (written) write();
	else expect(write).toThrow(expect.objectContaining({ code }));
	expect(fs.readdirSync(path.dirname(file))).toEqual(written ? ['identity.json'] : []);
});

test('on other systems a refusal is permanent', () => {
	pretend('linux');
	const renaming = vi.spyOn(fs, 'renameSync').mockImplementation(() => {
		throw refusal();
	});
	expect(() => plainWrite(file, { version: 1 })).toThrow(expect.objectContaining({ code: 'EPERM' }));
	expect(renaming).toHaveBeenCalledTimes(1);
	expect(fs.readdirSync(path.dirname(file))).toEqual([]);
});
