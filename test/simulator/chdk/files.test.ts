import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { skipUnless } from '../../support/skip.ts';
import { NO_SYMLINKS, symlinks } from '../../support/systems.ts';
import { type ChdkCamera, chdk, chdkCamera, execute, hexOf, messages, u32 } from './camera.ts';

let camera: ChdkCamera;
beforeEach(async () => {
	camera = await chdkCamera();
});
afterEach(() => camera[Symbol.asyncDispose]());

const upload = (name: string, contents: string) => chdk(camera.command, [5], `${u32(name.length)}${hexOf(name)}${contents}`);
async function download(name: string) {
	await chdk(camera.command, [4, 0], hexOf(name));
	return chdk(camera.command, [6]);
}
/** What a script gives back, as text. */
async function lua(source: string): Promise<string[]> {
	await execute(camera.command, `local function show(v) return tostring(v) end ${source}`);
	return (await messages(camera.command)).map(([, , , bytes]) => Buffer.from(bytes, 'hex').toString('latin1'));
}
async function scratch() {
	const folder = await mkdtemp(join(tmpdir(), 'canon-wifi-test-'));
	return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
const OK = 0x2001;
const GENERAL_ERROR = 0x2002;

test('3 MB go up and come down as they are', async () => {
	const contents = randomBytes(3 * 1024 * 1024);
	expect((await upload('A/BIG.BIN', contents.toString('hex'))).code).toBe(OK);
	const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
	expect(sum(await readFile(join(camera.card, 'BIG.BIN')))).toBe(sum(contents));
	const { params, data } = await download('A/BIG.BIN');
	expect(params).toEqual([contents.length]);
	expect(sum(Buffer.from(data ?? '', 'hex'))).toBe(sum(contents));
});

test('a file without contents can be made', async () => {
	expect((await upload('A/E', '')).code).toBe(OK);
	expect((await stat(join(camera.card, 'E'))).size).toBe(0);
});

test('case does not matter, as on FAT', async () => {
	expect((await download('A/dcim/100canon/img_0001.txt')).data).toBe(hexOf('camera'));
	expect((await upload('a/dcim/100Canon/IMG_0001.txt', hexOf('new'))).code).toBe(OK);
	expect(await readdir(join(camera.card, 'DCIM', '100CANON'))).toEqual(['IMG_0001.TXT']);
	expect((await download('A/DCIM/100CANON/IMG_0001.TXT')).data).toBe(hexOf('new'));
});

test.skipIf(skipUnless(symlinks, NO_SYMLINKS))('nothing leads off the card', async () => {
	await using outside = await scratch();
	const secret = join(outside.folder, 'secret.txt');
	await writeFile(secret, 'secret');
	await symlink(secret, join(camera.card, 'LINK.TXT'));
	await symlink(outside.folder, join(camera.card, 'OUT'));
	const name = secret.slice(tmpdir().length + 1);
	for (const path of [
		`A/../${name}`,
		`A/DCIM/../../${name}`,
		secret,
		`A/${secret}`,
		'A/LINK.TXT',
		'A/OUT/secret.txt',
		`B/${name}`,
		'',
		'A',
	]) {
		expect([path, (await download(path)).code]).toEqual([path, GENERAL_ERROR]);
		expect([path, (await upload(path, hexOf('x'))).code]).toEqual([path, GENERAL_ERROR]);
	}
	expect(await readFile(secret, 'utf8')).toBe('secret');
	expect(
		await lua(`return tostring(os.stat('A/LINK.TXT')), tostring(os.remove('A/OUT')), tostring(io.open('A/../${name}')),
			tostring(os.listdir('A/..')), tostring(os.rename('A/DCIM', 'A/../X')), tostring(os.mkdir('A/OUT/X')), tostring(loadfile('${secret}'))`),
	).toEqual(Array.from({ length: 7 }, () => 'nil'));
	expect(await lua(`return table.concat(os.listdir('A/'), ' ')`)).toEqual(['DCIM']);
});

test('names that FAT does not take are refused', async () => {
	for (const name of ['A/a:b', 'A/a?b', 'A/a\\b', 'A/a\nb', `A/${'x'.repeat(256)}`])
		expect((await upload(name, '00')).code).toBe(GENERAL_ERROR);
	// The camera's names end at a NUL.
	expect((await upload('A/N.TXT\0/../x', '00')).code).toBe(OK);
	expect(await readdir(camera.card)).toEqual(['DCIM', 'N.TXT']);
});

test('an upload whose name is longer than any, or that is too short for its name', async () => {
	expect((await chdk(camera.command, [5], `FFFFFFFF${'00'.repeat(100)}`)).code).toBe(GENERAL_ERROR);
	expect((await chdk(camera.command, [5], '05000000412F')).code).toBe(GENERAL_ERROR);
	expect((await chdk(camera.command, [0])).params).toEqual([2, 9]);
});

test('stat has the fields of CHDK, times as the clock of the camera shows them', async () => {
	const file = join(camera.card, 'DCIM', '100CANON', 'IMG_0001.TXT');
	await utimes(file, 1_700_000_000, 1_700_000_000);
	const offset = -new Date(1_700_000_000_000).getTimezoneOffset() * 60;
	expect(
		await lua(`local s = os.stat('A/DCIM/100CANON/IMG_0001.TXT')
			return show(s.size), show(s.mtime), show(s.is_file), show(s.is_dir), show(s.attrib), show(s.blksize), show(s.blocks), type(s.ctime), type(s.atime), type(s.dev), type(s.mode)`),
	).toEqual(['6', String(1_700_000_000 + offset), 'true', 'false', '32', '512', '1', 'number', 'number', 'number', 'number']);
	expect(await lua(`local s = os.stat('A/') return show(s.is_dir), show(s.attrib), show(s.size)`)).toEqual(['true', '16', '0']);
	expect(await lua(`return os.utime('A/DCIM/100CANON/IMG_0001.TXT', ${1_600_000_000 + offset}) and 'ok'`)).toEqual(['ok']);
	expect((await stat(file)).mtimeMs).toBe(1_600_000_000_000);
});

test('folders are made, listed and removed when they are empty', async () => {
	expect(await lua(`return show(os.mkdir('A/NEW')), show(os.mkdir('A/NEW')), select(2, os.mkdir('A/NONE/X'))`)).toEqual([
		'true',
		'nil',
		'A/NONE/X: No such file or directory',
		u32Text(2),
	]);
	await writeFile(join(camera.card, 'NEW', 'F'), '');
	expect(await lua(`return select(2, os.remove('A/NEW'))`)).toEqual(['A/NEW: Directory not empty', u32Text(39)]);
	expect(await lua(`return show(os.remove('A/NEW/F')), show(os.remove('A/NEW')), show(os.remove('A/'))`)).toEqual(['true', 'true', 'nil']);
	expect(
		await lua(`return table.concat(os.listdir('A/DCIM', true), ' '), table.concat(os.listdir('A/DCIM', {showall = true}), ' '),
			table.concat(os.listdir('A/', true), ' '), select(2, os.listdir('A/DCIM/100CANON/IMG_0001.TXT'))`),
	).toEqual(['. .. 100CANON', '. .. 100CANON', 'DCIM', 'A/DCIM/100CANON/IMG_0001.TXT: Not a directory', u32Text(20)]);
	expect(
		await lua(
			`local all = '' for name in os.idir('A/DCIM') do all = all .. name end for name in os.idir('A/NONE') do error(name) end return all`,
		),
	).toEqual(['100CANON']);
	expect(await lua(`local next, handle = os.idir('A/DCIM', true) next(handle) next(handle, false) return show(next(handle))`)).toEqual([
		'nil',
	]);
	expect(await lua(`return show(os.stat('A/DCIM/')), show(os.stat('A/DCIM') ~= nil)`)).toEqual(['nil', 'true']);
});
const u32Text = (value: number): string => String.fromCharCode(value, 0, 0, 0);

test('files are renamed, but not over others', async () => {
	await mkdir(join(camera.card, 'TO'));
	await writeFile(join(camera.card, 'B.TXT'), 'b');
	expect(
		await lua(
			`return show(os.rename('A/B.TXT', 'A/TO/C.TXT')), show(os.rename('A/TO/C.TXT', 'A/DCIM')), show(os.rename('A/TO', 'A/TO/SELF')), show(os.rename('A/NONE', 'A/X'))`,
		),
	).toEqual(['true', 'nil', 'nil', 'nil']);
	expect(await readFile(join(camera.card, 'TO', 'C.TXT'), 'utf8')).toBe('b');
});

test('io writes and reads files on the card', async () => {
	expect(
		await lua(`local f = io.open('A/T.TXT', 'wb') f:write('one\\n', 2, '\\nthree') f:close()
			f = io.open('A/t.txt') local first, number, rest, nothing = f:read(), f:read('*n'), f:read('*a'), f:read('*l')
			f:seek('set', 1) local two = f:read(2) f:close()
			f = io.open('A/T.TXT', 'a') f:write('!') f:close()
			local lines = '' for line in io.open('A/T.TXT'):lines() do lines = lines .. '[' .. line .. ']' end
			return first, show(number), rest, show(nothing), two, lines`),
	).toEqual(['one', '2', '\nthree', 'nil', 'ne', '[one][2][three!]']);
	expect(await readFile(join(camera.card, 'T.TXT'), 'utf8')).toBe('one\n2\nthree!');
	expect(await lua(`return select(2, io.open('A/NONE')), select(2, pcall(io.open('A/T.TXT').write))`)).toEqual([
		'A/NONE: No such file or directory',
		"bad argument #1 to '?' (FILE* expected, got no value)",
	]);
});

test('the rest of io: lines by name, types, standard files once a script has named them', async () => {
	await writeFile(join(camera.card, 'N.TXT'), ' -12 34x\nlast');
	expect(await lua(`local all = '' for line in io.lines('A/N.TXT') do all = all .. '[' .. line .. ']' end return all`)).toEqual([
		'[ -12 34x][last]',
	]);
	expect(
		await lua(`local f = io.open('A/N.TXT') local a, b, c, d = f:read('*n', '*n', '*n', '*a') local rest = f:read('*a')
			local before = io.type(f) io.close(f) return show(a), show(b), show(c), show(d), rest, before, io.type(f), show(io.type(5)), show(f)`),
	).toEqual(['-12', '34', 'nil', 'nil', 'x\nlast', 'file', 'closed file', 'nil', 'file (closed)']);
	expect(await lua(`io.output('A/O.TXT') io.write('x', 1) io.close() io.input('A/O.TXT') return io.read('*a')`)).toEqual(['x1']);
	expect(await lua(`return select(2, pcall(io.write, 'x')), select(2, pcall(io.lines, 'A/NONE')), select(2, pcall(io.read))`)).toEqual([
		'standard output file is closed',
		"bad argument #1 to 'lines' (A/NONE: No such file or directory)",
		'standard input file is closed',
	]);
	expect(await lua(`local f = io.open('A/N.TXT') return f:read(-1), select(2, f:seek('set', -1)), (select(2, f:write('x')))`)).toEqual([
		' -12 34x\nlast',
		'Invalid argument',
		'I/O error',
	]);
	expect(await lua(`return select(2, pcall(io.open('A/N.TXT').read, io.open('A/N.TXT'), 'l'))`)).toEqual([
		"bad argument #1 to 'read' (invalid option)",
	]);
});

test('libraries on the card are found by require', async () => {
	await mkdir(join(camera.card, 'CHDK', 'LUALIB'), { recursive: true });
	await writeFile(join(camera.card, 'CHDK', 'LUALIB', 'propcase.lua'), 'loads = (loads or 0) + 1 return { DRIVE_MODE = 102 }');
	expect(await lua(`local p = require('propcase') return show(p == require'propcase'), show(p.DRIVE_MODE), show(loads)`)).toEqual([
		'true',
		'102',
		'1',
	]);
	expect((await lua(`require('missing')`))[0]).toMatch(/^:1: module 'missing' not found:\n\tno file 'A\/CHDK\/SCRIPTS\/missing.lua'/);
});

test('a picture is taken in rec mode only', async () => {
	await writeFile(join(camera.card, 'DCIM', '100CANON', 'IMG_0002.JPG'), 'jpeg');
	await lua('shoot()');
	expect(await readdir(join(camera.card, 'DCIM', '100CANON'))).toEqual(['IMG_0001.TXT', 'IMG_0002.JPG']);
	await execute(camera.command, 'set_record(true) repeat sleep(10) until get_mode() shoot() return get_exp_count()');
	while (((await chdk(camera.command, [8])).params[0] ?? 0) !== 2) camera.stage.clock.advance(100);
	expect((await messages(camera.command)).map(([, , , bytes]) => bytes)).toEqual([u32(3)]);
	expect(await readFile(join(camera.card, 'DCIM', '100CANON', 'IMG_0003.JPG'), 'utf8')).toBe('jpeg');
});
