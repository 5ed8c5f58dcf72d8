import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ChdkCamera, chdk, chdkCamera, execute, hexOf, messages } from './camera.ts';

let camera: ChdkCamera;
beforeEach(async () => {
	camera = await chdkCamera();
});
afterEach(() => camera[Symbol.asyncDispose]());

const NO_MEMORY = hexOf('not enough memory');

/** The error that ends a script, in hexadecimal. */
async function end(source: string): Promise<string | undefined> {
	expect(await execute(camera.command, source, 0x600)).toMatchObject([expect.any(Number), 0]);
	return (await messages(camera.command)).find(([type]) => type === 1)?.[3];
}

test.each([
	['a string of a gigabyte', `local s = ('x'):rep(2^30)`],
	['a string that doubles', `local s = 'x' while true do s = s .. s end`],
	['a table without end', `local t, n = {}, 0 while true do n = n + 1 t[n] = n end`],
	['strings without end', `local big, t, n = ('x'):rep(100000), {}, 0 while true do n = n + 1 t[n] = big .. n end`],
	['closures without end', `local f while true do local g = f f = function() return g end end`],
	['a source without end', `load(function() return ('x = 1 '):rep(10000) end)`],
	['joined until it is too much', `local t = {} for n = 1, 100 do t[n] = ('x'):rep(100000) end table.concat(t)`],
])('%s: not enough memory, and the next script runs', async (_, source) => {
	expect(await end(source)).toBe(NO_MEMORY);
	expect(await end('return 1')).toBeUndefined();
});

test('scripts live on within what they may have, however much they throw away', async () => {
	expect(await end(`local big = ('x'):rep(1000000) for n = 1, 300 do local s = big .. n end`)).toBeUndefined();
});

test('not enough memory can be caught, and what was held is free again', async () => {
	expect(
		await end(`local big = ('x'):rep(100000)
			for n = 1, 3 do assert(not pcall(function() local t = {} while true do t[#t + 1] = big .. #t end end)) end`),
	).toBeUndefined();
});

test('recursion without end is a stack overflow', async () => {
	expect(Buffer.from((await end('local function f() return 1 + f() end f()')) ?? '', 'hex').toString()).toContain('stack overflow');
	expect(
		Buffer.from(
			(await end(`local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) return t[1]`)) ?? '',
			'hex',
		).toString(),
	).toContain('overflow');
});

test('as many values as Lua 5.1 allows', async () => {
	expect(Buffer.from((await end('unpack({}, 1, 1000000)')) ?? '', 'hex').toString()).toBe(':1: too many results to unpack');
	expect(Buffer.from((await end(`('x'):rep(100000):byte(1, -1)`)) ?? '', 'hex').toString()).toBe(':1: string slice too long');
});

test.each([
	['that catches everything', 'while true do pcall(function() while true do end end) end'],
	['inside of sort', 'table.sort({3, 2, 1}, function() while true do end end)'],
	['inside of one search', `string.find(('a'):rep(5000), ('a-'):rep(30) .. 'b')`],
	['in a coroutine', 'coroutine.wrap(function() while true do end end)()'],
	['that waits for ever', 'sleep(-1)'],
	['that waits for room for ever', 'while true do write_usb_msg(1, -1) end'],
	['that floods the camera with questions', 'while true do get_tick_count() end'],
])('an endless script %s is killed, while everything else goes on', async (_, source) => {
	const [id = 0] = await execute(camera.command, source, 0x600);
	expect((await chdk(camera.command, [8])).params[0]).toSatisfy((status: number) => (status & 1) === 1);
	expect((await chdk(camera.command, [0])).params).toEqual([2, 9]);
	expect(await execute(camera.command, 'return 1', 0x600)).toEqual([id + 1, 0]);
	expect(await messages(camera.command)).toHaveLength(1);
});

test('the camera is switched off while a script runs', async () => {
	await execute(camera.command, 'while true do end');
	await camera.stage.camera.close();
	expect((await camera.stage.camera.ended).why).toBe('powerOff');
});

test('compiled code is no script', async () => {
	expect(await execute(camera.command, '\x1bLua', 0x600)).toEqual([1, 1]);
});

test('sources that nest without end do not compile', async () => {
	expect(await execute(camera.command, `return ${'('.repeat(50_000)}`, 0x600)).toEqual([1, 1]);
	expect(await execute(camera.command, `return ${'{'.repeat(50_000)}`, 0x600)).toEqual([2, 1]);
	expect(await execute(camera.command, 'return 1', 0x600)).toEqual([3, 0]);
});

test('any bytes as script leave the camera alive', async () => {
	let seed = 1;
	const byte = (): number => {
		seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
		return (seed >>> 16) & 0xff;
	};
	for (let n = 0; n < 50; n++) {
		const source = String.fromCharCode(...Array.from({ length: byte() }, byte));
		await chdk(camera.command, [7, 0x600], hexOf(`${source}\0`));
	}
	expect(await end('return 1')).toBeUndefined();
});

test('a script that yields by itself goes on', async () => {
	expect(await end(`assert(coroutine.yield(5) == 5) return 1`)).toBeUndefined();
});

test('the globals can be turned inside out', async () => {
	expect(
		await end(`for key, value in pairs(_G) do if type(value) == 'function' and key ~= 'pcall' and key ~= 'pairs' and key ~= 'type'
			and key ~= 'sleep' and key ~= 'reboot' and key ~= 'shut_down' and key ~= 'error' and key ~= 'require'
			then pcall(value) pcall(value, {}) pcall(value, -1, -1, -1) pcall(value, 'x', {}, print) end end`),
	).toBeUndefined();
	expect(
		await end(`for _, library in ipairs{'os', 'io', 'string', 'table', 'math', 'coroutine'} do for key, value in pairs(_G[library]) do
			pcall(value) pcall(value, {}) pcall(value, -1, -1, -1) pcall(value, 'x', {}, print) pcall(value, 'A/', 'A/', 'A/') end end`),
	).toBeUndefined();
	expect(await end(`usb_msg_table_to_string = nil return {}`)).toBe(hexOf('attempt to call a nil value'));
	expect(await end(`local all = _G for key in pairs(all) do all[key] = nil end`)).toBeUndefined();
	expect((await chdk(camera.command, [0])).params).toEqual([2, 9]);
});
