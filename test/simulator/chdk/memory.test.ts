import { expect, test } from 'vitest';
import { Memory } from '#simulator/chdk/memory.ts';

const read = (memory: Memory, address: number, size: number): number[] => {
	const into = new Uint8Array(size).fill(0xaa);
	memory.read(into, address);
	return [...into];
};

test('RAM is zero until something is written, also across pages, and seen past the cache', () => {
	const memory = new Memory();
	expect(read(memory, 0, 4)).toEqual([0, 0, 0, 0]);
	memory.write(Uint8Array.of(1, 2, 3, 4), 4094);
	expect(read(memory, 4093, 6)).toEqual([0, 1, 2, 3, 4, 0]);
	expect(read(memory, 0x4000_0000 + 4094, 4)).toEqual([1, 2, 3, 4]);
	memory.write(Uint8Array.of(9), 0x4000_0000 + 4095);
	expect(read(memory, 4095, 1)).toEqual([9]);
});

test('ROM is the same at each start, different from word to word, and stays as it is', () => {
	const rom = read(new Memory(), 0xff00_0000, 16);
	const memory = new Memory();
	memory.write(new Uint8Array(16), 0xff00_0000);
	expect(read(memory, 0xff00_0000, 16)).toEqual(rom);
	expect(new Set([0, 4, 8, 12].map((at) => rom.slice(at, at + 4).join())).size).toBe(4);
	expect(read(memory, 0xff00_0003, 1)).toEqual([rom[3]]);
});

test('what is neither RAM nor ROM', () => {
	const memory = new Memory();
	const held = (address: number, size: number) => memory.holds(address, size);
	expect([held(0, 1), held(0x03ff_ffff, 1), held(0x03ff_ffff, 2), held(0x4000_0000, 1), held(0x4400_0000, 1)]).toEqual([
		true,
		true,
		false,
		true,
		false,
	]);
	expect([held(0xfeff_ffff, 1), held(0xff00_0000, 1), held(0xffff_ffff, 1), held(0xffff_ffff, 2)]).toEqual([false, true, true, false]);
});

test('words are aligned', () => {
	const memory = new Memory();
	expect(memory.poke(0x1000, 0x1234_5678, 4)).toBe(true);
	expect([memory.peek(0x1000, 4), memory.peek(0x1002, 2), memory.peek(0x1003, 1)]).toEqual([0x1234_5678, 0x1234, 0x12]);
	expect([memory.peek(0x1002, 4), memory.peek(0x1001, 2), memory.peek(0x1000, 3), memory.poke(0x8000_0000, 1, 4)]).toEqual([
		undefined,
		undefined,
		undefined,
		false,
	]);
});

test('a call gives back its first argument; nowhere there is no function', () => {
	const memory = new Memory();
	expect([memory.call(0xff00_0101, [42, 1]), memory.call(0xff00_0100, []), memory.call(0x8000_0001, [1])]).toEqual([42, 0, undefined]);
});
