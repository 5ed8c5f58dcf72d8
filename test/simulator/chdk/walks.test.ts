/** What chdkptp's commands for files do on the camera: whole folders walked, and told in batches while the computer reads. */
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChdkCamera, chdkCamera, execute, messages } from './camera.ts';

let camera: ChdkCamera;
beforeEach(async () => {
	camera = await chdkCamera();
});
afterEach(() => camera[Symbol.asyncDispose]());

const [RETURNED, USER, TABLE] = [2, 3, 5];

/** Texts of the messages of this type and subtype; a script that fails, fails the test. */
async function told(source: string, type: number, subtype?: number): Promise<string[]> {
	expect((await execute(camera.command, source))[1]).toBe(0);
	const list = await messages(camera.command);
	for (const [kind, , , bytes] of list) if (kind === 1) throw new Error(Buffer.from(bytes, 'hex').toString());
	return list
		.filter(([kind, sub]) => kind === type && (subtype === undefined || sub === subtype))
		.map(([, , , bytes]) => Buffer.from(bytes, 'hex').toString('latin1'));
}

/** Collects items and sends them by 50, waiting for the computer to read: more batches than there are slots. */
const BATCHES = `
	usb_msg_table_to_string = function(items)
		local lines = {}
		for _, item in ipairs(items) do table.insert(lines, string.format('%s %d', item.path, item.size)) end
		return table.concat(lines, '\\n')
	end
	local batch = {}
	local function flush()
		if #batch > 0 then assert(write_usb_msg(batch, 100000)) end
		batch = {}
		collectgarbage('step')
	end
	local function tell(path, st)
		table.insert(batch, {path = path, size = st.size})
		if #batch >= 50 then
			flush()
			assert(get_meminfo().free_block_max_size > 10000)
		end
	end
`;

async function fill(folder: string, count: number): Promise<string[]> {
	await mkdir(join(camera.card, folder), { recursive: true });
	const names = Array.from({ length: count }, (_, n) => `IMG_${String(n + 1).padStart(4, '0')}.JPG`);
	await Promise.all(names.map((name, n) => writeFile(join(camera.card, folder, name), 'x'.repeat(n % 7))));
	return names.map((name, n) => `A/${folder}/${name} ${n % 7}`);
}

test('ls: 900 files of a folder, in 18 batches', async () => {
	const files = await fill('DCIM/101CANON', 900);
	const batches = await told(
		`${BATCHES}
		for name in os.idir('A/DCIM/101CANON', false) do
			local path = 'A/DCIM/101CANON/' .. name
			tell(path, assert(os.stat(path)))
		end
		flush()
		return 'whole'`,
		USER,
		TABLE,
	);
	expect(batches).toHaveLength(18);
	expect(batches.join('\n').split('\n')).toEqual(files);
});

test('imdl and mdl: a tree is walked, names that begin with a dot aside', async () => {
	const files = [...(await fill('DCIM/101CANON', 120)), ...(await fill('DCIM/102CANON/SUB/DEEP', 60)), 'A/DCIM/100CANON/IMG_0001.TXT 6'];
	const batches = await told(
		`${BATCHES}
		local function walk(path)
			for _, name in ipairs(assert(os.listdir(path, true))) do
				local below = path .. '/' .. name
				local st = assert(os.stat(below))
				if not st.is_dir then
					if st.is_file then tell(below, st) end
				elseif name ~= '.' and name ~= '..' then walk(below) end
			end
		end
		walk('A/DCIM')
		flush()`,
		USER,
		TABLE,
	);
	expect(batches.join('\n').split('\n').sort()).toEqual(files.sort());
});

test('rm: a tree goes from its leaves; mkdir and the time of mup make another', async () => {
	await fill('DCIM/101CANON/SUB', 30);
	const [gone = ''] = await told(
		`local n = 0
		local function remove(path)
			local st = assert(os.stat(path))
			if st.is_dir then
				for name in os.idir(path, false) do remove(path .. '/' .. name) end
			end
			assert(os.remove(path))
			n = n + 1
		end
		remove('A/DCIM/101CANON')
		assert(os.mkdir('A/NEW'))
		assert(os.mkdir('A/NEW/DEEP'))
		local file = assert(io.open('A/NEW/DEEP/A.TXT', 'wb'))
		file:write('abc')
		file:close()
		assert(os.utime('A/NEW/DEEP/A.TXT', 1600000000, 1600000000))
		local st = os.stat('A/NEW/DEEP/A.TXT')
		return string.format('%d %d %d', n, st.size, st.mtime)`,
		RETURNED,
	);
	expect(gone).toBe('32 3 1600000000');
	expect((await readdir(join(camera.card, 'DCIM'))).sort()).toEqual(['100CANON']);
	expect((await stat(join(camera.card, 'NEW', 'DEEP', 'A.TXT'))).size).toBe(3);
});
