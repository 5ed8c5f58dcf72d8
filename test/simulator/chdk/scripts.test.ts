import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChdkCamera, chdk, chdkCamera, execute, hexOf, messages, u32 } from './camera.ts';

let camera: ChdkCamera;
beforeEach(async () => {
	camera = await chdkCamera();
});
afterEach(() => camera[Symbol.asyncDispose]());

const NOTHING = [1, ''] as const;
const bool = (value: boolean) => [2, u32(value ? 1 : 0)] as const;
const int = (value: number) => [3, u32(value)] as const;
const text = (value: string) => [4, hexOf(value)] as const;
const table = (value: string) => [5, hexOf(value)] as const;

/** Subtype and bytes of what a script gives back; a script that fails, fails the test. */
async function result(source: string): Promise<(readonly [number, string])[]> {
	const [id, status] = await execute(camera.command, source);
	expect(status).toBe(0);
	const list = await messages(camera.command);
	expect(list.map(([type, , from]) => [type, from])).toEqual(list.map(() => [2, id]));
	return list.map(([, subtype, , bytes]) => [subtype, bytes]);
}

test('every kind of value comes back, each in a message of its own', async () => {
	expect(await result(`return nil, true, false, -1, 'text', '', {'a'}, print`)).toEqual([
		NOTHING,
		bool(true),
		bool(false),
		int(-1),
		text('text'),
		text(''),
		table('1\ta\n'),
		[0, hexOf('function')],
	]);
});

test("tables are written by the script's own usb_msg_table_to_string", async () => {
	expect(await result(`usb_msg_table_to_string = function(t) return '<' .. #t .. '>' end return {5, 6, 7}`)).toEqual([table('<3>')]);
});

test('a conversion that fails ends the values with an error', async () => {
	await execute(camera.command, `usb_msg_table_to_string = function() error('cannot') end return 1, {}, 2`);
	expect(await messages(camera.command)).toEqual([
		[2, 3, 1, u32(1)],
		[1, 2, 1, hexOf(':1: cannot')],
	]);
});

test("numbers are C's integers of 32 bits", async () => {
	expect(await result('return 3/2, -3/2, -7%3, 2^10, 7/0')).toEqual([int(1), int(-1), int(-1), int(1024), int(0)]);
	expect(await result('return 2147483647 + 1, 0xFFFFFFFF, 65536*65536, (3/2)*2')).toEqual([int(-2147483648), int(-1), int(0), int(2)]);
	expect(await result(`return '10' + 5, 10 .. '', tostring(7/2), tonumber('1.5'), string.format('%d %x', 7/2, -1)`)).toEqual([
		int(15),
		text('10'),
		text('3'),
		NOTHING,
		text('3 ffffffff'),
	]);
});

test('what Lua 5.1 has and 5.3 has not', async () => {
	expect(await result(`return unpack({1, 2}), loadstring('return 5')(), table.getn({1, 2}), table.maxn({[7] = 1})`)).toEqual([
		int(1),
		int(5),
		int(2),
		int(7),
	]);
	expect(await result(`local f = loadstring('return x') setfenv(f, {x = 'inner'}) x = 'outer' return f(), getfenv(f).x, x`)).toEqual([
		text('inner'),
		text('inner'),
		text('outer'),
	]);
	expect(await result('return debug, package, utf8, string.dump, os.execute, os.exit, io.popen, load, loadfile and 1')).toEqual([
		...Array.from({ length: 7 }, () => NOTHING),
		[0, hexOf('function')],
		int(1),
	]);
});

test('what Lua 5.3 has and 5.1 has not is no Lua here', async () => {
	for (const [source, near] of [
		['return 5 // 2', '//'],
		['return 1 & 3', '&'],
		['return 1 | 3', '|'],
		['return 1 ~ 3', '~'],
		['return 1 << 3', '<<'],
		['return 8 >> 3', '>>'],
	] as const) {
		expect((await execute(camera.command, source))[1]).toBe(1);
		expect(await messages(camera.command)).toMatchObject([[1, 1, expect.anything(), hexOf(`:1: '<eof>' expected near '${near}'`)]]);
	}
	expect((await execute(camera.command, 'return ~1'))[1]).toBe(1);
	expect((await execute(camera.command, 'goto out ::out::'))[1]).toBe(1);
	await messages(camera.command);
	expect(await result('return _VERSION')).toEqual([text('Lua 5.1')]);
});

test('errors have the words of Lua 5.1', async () => {
	const error = async (source: string): Promise<string> => {
		await execute(camera.command, source);
		return (await messages(camera.command)).map(([, , , bytes]) => Buffer.from(bytes, 'hex').toString()).join();
	};
	expect(await error('return (')).toBe(":1: unexpected symbol near '<eof>'");
	expect(await error('for = 1')).toBe(":1: '<name>' expected near '='");
	expect(await error('get_buildinfo().os')).toBe(":1: '=' expected near '<eof>'");
	expect(await error('5')).toBe(":1: unexpected symbol near '5'");
	expect(await error('print() = 1')).toBe(":1: unexpected symbol near '='");
	expect(await error('("a"):rep(2) ("b")')).toBe(':1: attempt to call a string value');
	expect(await error('(1)')).toBe(":1: syntax error near '<eof>'");
	expect(await error('shot()')).toBe(":1: attempt to call global 'shot' (a nil value)");
	expect(await error('local t = {} t:shoot()')).toBe(":1: attempt to call method 'shoot' (a nil value)");
	expect(await error('local t t.x = 1')).toBe(":1: attempt to index local 't' (a nil value)");
	expect(await error('return {} .. 1')).toBe(':1: attempt to concatenate a table value');
	// Not a card's error, but a script's.
	expect(await error(`os.rename('A/X')`)).toBe(":1: bad argument #2 to 'rename' (string expected, got no value)");
});

test('strings are bytes, and different ones are different keys', async () => {
	expect(
		await result(`local t = {['\\1\\17'] = 1, ['\\17\\1'] = 2} return t['\\1\\17'], t['\\17\\1'], '\\255\\0x', '\\2' < '\\17'`),
	).toEqual([int(1), int(2), [4, 'ff0078'], bool(true)]);
});

test('a compile error: status 1, the id rises, the words come as a message', async () => {
	expect(await execute(camera.command, 'return +')).toEqual([1, 1]);
	expect(await messages(camera.command)).toEqual([[1, 1, 1, hexOf(":1: unexpected symbol near '+'")]]);
	expect(await execute(camera.command, 'return 1')).toEqual([2, 0]);
});

test('a run error tells its line', async () => {
	await execute(camera.command, '\n\nerror("oops")');
	expect(await messages(camera.command)).toEqual([[1, 2, 1, hexOf(':3: oops')]]);
});

test('an endless script: refused beside it, status running, killed by the next', async () => {
	expect(await execute(camera.command, 'while true do end')).toEqual([1, 0]);
	expect((await chdk(camera.command, [8])).params).toEqual([1]);
	expect(await execute(camera.command, 'return 1')).toEqual([1, 0x1000]);
	expect(await execute(camera.command, 'return 2', 0x600)).toEqual([2, 0]);
	expect(await messages(camera.command)).toEqual([[2, 3, 2, u32(2)]]);
});

test('killing drops no messages unless it is told to', async () => {
	await execute(camera.command, `write_usb_msg('before') sleep(-1)`);
	while (((await chdk(camera.command, [8])).params[0] ?? 0) !== 3);
	await execute(camera.command, '', 0);
	expect(await messages(camera.command)).toEqual([[3, 4, 1, hexOf('before')]]);
});

test.each([
	[0, true, true],
	[0x200, false, true],
	[0x400, true, false],
	[0x600, false, false],
] as const)('flags %i: unread messages of the script before stay: %s; those for it: %s', async (flags, own, others) => {
	await execute(camera.command, `write_usb_msg('before') sleep(-1)`);
	while (((await chdk(camera.command, [8])).params[0] ?? 0) !== 3);
	expect((await chdk(camera.command, [11, 0], hexOf('m'))).params).toEqual([0]);
	await execute(camera.command, 'return read_usb_msg()', flags);
	expect(await messages(camera.command)).toEqual([
		...(own ? [[3, 4, 1, hexOf('before')]] : []),
		others ? [2, 4, 2, hexOf('m')] : [2, 1, 2, ''],
	]);
});

test('a message for one script is not read by the next', async () => {
	await execute(camera.command, 'sleep(-1)');
	expect((await chdk(camera.command, [11, 1], hexOf('for the first'))).params).toEqual([0]);
	expect((await chdk(camera.command, [11, 0], hexOf('for any'))).params).toEqual([0]);
	await execute(camera.command, 'return read_usb_msg()', 0);
	expect(await messages(camera.command)).toEqual([[2, 4, 2, hexOf('for any')]]);
});

test('sleep takes its time by the clock of the camera', async () => {
	await execute(camera.command, 'local from = get_tick_count() write_usb_msg(1) sleep(100) return get_tick_count() - from >= 100');
	while (((await chdk(camera.command, [8])).params[0] ?? 0) !== 3);
	camera.stage.clock.advance(99);
	expect((await chdk(camera.command, [8])).params).toEqual([3]);
	// The sleep may begin after the clock was turned: it ends when enough has been turned since.
	while (((await chdk(camera.command, [8])).params[0] ?? 0) !== 2) camera.stage.clock.advance(1);
	expect(await messages(camera.command)).toEqual([
		[3, 3, 1, u32(1)],
		[2, 2, 1, u32(1)],
	]);
});

test('messages to a script are checked: not running, wrong id, full', async () => {
	const write = async (target: number): Promise<number | undefined> => (await chdk(camera.command, [11, target], hexOf('m'))).params[0];
	expect(await write(0)).toBe(1);
	expect(await write(7)).toBe(1);
	await execute(camera.command, 'sleep(-1)');
	expect(await write(7)).toBe(3);
	for (let n = 0; n < 15; n++) expect(await write(n % 2)).toBe(0);
	expect(await write(0)).toBe(2);
	expect(await write(7)).toBe(3);
});

test('what a script cannot take is passed over, however long; one that it can may have nearly 1 MiB', async () => {
	const write = async (bytes: number) => chdk(camera.command, [11, 0], '00'.repeat(bytes));
	expect(await write(3_000_000)).toMatchObject({ code: 0x2001, params: [1] });
	await execute(camera.command, 'sleep(-1)');
	expect(await write(1_000_000)).toMatchObject({ code: 0x2001, params: [0] });
	expect((await write(3_000_000)).code).toBe(0x2002);
	expect(await write(0)).toMatchObject({ code: 0x2002, params: [0] });
});

test('a script reads what it is sent, waiting for it', async () => {
	await execute(camera.command, `write_usb_msg(read_usb_msg()) return read_usb_msg(60000) .. '!'`);
	while (((await chdk(camera.command, [8])).params[0] ?? 0) !== 3);
	await chdk(camera.command, [11, 0], hexOf('hello'));
	expect(await messages(camera.command)).toEqual([
		[3, 1, 1, ''],
		[2, 4, 1, hexOf('hello!')],
	]);
});

test('waiting for a message ends with nothing when the time is up', async () => {
	await execute(camera.command, `write_usb_msg('waits') return read_usb_msg(50)`);
	while (((await chdk(camera.command, [8])).params[0] ?? 0) !== 2) camera.stage.clock.advance(10);
	expect((await messages(camera.command)).map(([, subtype]) => subtype)).toEqual([4, 1]);
});

test('a script can write 15 messages that nobody reads; what it gives back then is lost', async () => {
	await execute(camera.command, 'for n = 1, 16 do last = write_usb_msg(n) end if last then error("16") end return "lost"');
	while (((await chdk(camera.command, [8])).params[0] ?? 0) !== 2);
	expect(await messages(camera.command)).toEqual(Array.from({ length: 15 }, (_, n) => [3, 3, 1, u32(n + 1)]));
});

test('with a time limit it waits for room', async () => {
	await execute(camera.command, 'for n = 1, 40 do assert(write_usb_msg(n, 100000)) end');
	expect((await messages(camera.command)).map(([, , , bytes]) => bytes)).toEqual(Array.from({ length: 40 }, (_, n) => u32(n + 1)));
});

test('what cannot be sent is an error in the script', async () => {
	const words = await result('return {pcall(write_usb_msg, print)}[2]'.replace('{', '({').replace('}[', '})['));
	expect(words).toEqual([text('unsupported type')]);
	expect(await result('return (select(2, pcall(write_usb_msg)))')).toEqual([text('missing argument')]);
});

test('waiting inside of pcall is not possible in Lua 5.1', async () => {
	expect(await result('return pcall(sleep, 1)')).toEqual([bool(false), text('attempt to yield across metamethod/C-call boundary')]);
});

test("chdkptp's unlock: the levent of this camera's system", async () => {
	camera.command.send('1E000000 06000000 00000000 0710 01000000 FFFFFFFF 00000000 00000000');
	while (!(await camera.command.packet()).startsWith('0e00000007')); // handles come first
	camera.stage.clock.advance(250);
	camera.command.send('1A000000 06000000 00000000 9999 02000000 07000000 00070000');
	const source = hexOf(`post_levent_to_ui(get_buildinfo().os == 'dryos' and 4482 or 4418)\0`);
	camera.command.send(`14000000 09000000 02000000 ${u32(source.length / 2)} 00000000`);
	camera.command.send(`${u32(12 + source.length / 2)} 0A000000 00000000 ${source} 0C000000 0C000000 02000000`);
	expect(await camera.stage.event('unlocked')).toMatchObject({ levent: 4482, screen: true });
});

test('rec and play: the change takes a while', async () => {
	expect(await result('local rec, video, mode = get_mode() return rec, video, mode')).toEqual([bool(false), bool(false), int(0x200)]);
	await execute(
		camera.command,
		'switch_mode_usb(1) local before = get_mode() write_usb_msg(before) repeat sleep(10) until get_mode() return get_mode()',
	);
	while (((await chdk(camera.command, [8])).params[0] ?? 0) !== 3); // it was asked before the clock goes on
	while (((await chdk(camera.command, [8])).params[0] ?? 0) !== 2) camera.stage.clock.advance(50);
	expect((await messages(camera.command)).map(([, , , bytes]) => bytes)).toEqual([u32(0), u32(1), u32(0), u32(0x102)]);
});

test('the change takes 300 ms, also when its script has ended', async () => {
	expect(await result('switch_mode_usb(1)')).toEqual([]);
	camera.stage.clock.advance(299);
	expect(await result('return (get_mode())')).toEqual([bool(false)]);
	camera.stage.clock.advance(1);
	expect(await result('return (get_mode())')).toEqual([bool(true)]);
});

test('the camera tells what it is and how it is', async () => {
	expect(await result('local b = get_buildinfo() return b.platform, b.platsub, b.os, type(b.platformid)')).toEqual([
		text('ixus265_elph340hs'),
		text('100a'),
		text('dryos'),
		text('number'),
	]);
	expect(
		await result(`local m = get_meminfo() return m.name, m.free_size > 0, get_meminfo('exmem'), get_image_dir(), get_exp_count()`),
	).toEqual([text('combined'), bool(true), bool(false), text('A/DCIM/100CANON'), int(1)]);
	expect(await result('return bitand(6, 3), bitor(4, 1), bitxor(7, 2), bitshl(1, 4), bitshri(-8, 1), bitshru(-1, 28), bitnot(0)')).toEqual(
		[2, 5, 5, 16, -4, 15, -1].map(int),
	);
	expect(await result('poke(0x1000, -2) return peek(0x1000), peek(0x1000, 1), peek(0x1001), peek(0x80000000)')).toEqual([
		int(-2),
		int(254),
		NOTHING,
		NOTHING,
	]);
});

test('what it has not it answers for as a camera that lies still', async () => {
	expect(await result('return get_sv96(), get_tv96(), get_av96(), get_ev(), get_iso_mode(), iso_real_to_market(100), get_zoom()')).toEqual(
		[480, 576, 288, 0, 0, 100, 0].map(int),
	);
	expect(await result('set_tv96_direct(1) set_sv96(2) set_focus(3) set_ev(4) press("shoot_half") return get_shooting()')).toEqual([
		bool(false),
	]);
});

test('reboot switches the camera off', async () => {
	await execute(camera.command, 'reboot()');
	expect(await camera.stage.event('wifiOff')).toMatchObject({ why: 'poweredDown' });
});
