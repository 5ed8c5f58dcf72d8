/**
 * Returns bcryptprimitives.dll, which Wine has only from version 9 on and without which programs in Rust (rolldown) and Go
 * (esbuild) do not start: a 64-bit DLL without code, whose one export forwards to a function that every Wine has.
 */
export function bcryptprimitives() {
	const FILE_ALIGNMENT = 0x200;
	const SECTION_RVA = 0x1000;

	// The only section: the export directory (40 bytes), its three tables of one entry each, and the strings.
	const names = ['bcryptprimitives.dll', 'ProcessPrng', 'advapi32.SystemFunction036'].map((text) => Buffer.from(`${text}\0`));
	const [addresses, namePointers, ordinals, strings] = [40, 44, 48, 50].map((offset) => SECTION_RVA + offset);
	const [library, name, forwarder] = names.map((_, n) => strings + names.slice(0, n).reduce((sum, { length }) => sum + length, 0));
	const section = Buffer.concat([
		// Flags, time, version; the library's name; first ordinal; how many functions and names; where the tables are.
		u32s(0, 0, 0, library, 1, 1, 1, addresses, namePointers, ordinals),
		u32s(forwarder, name),
		u16s(0),
		...names,
	]);

	const headers = Buffer.concat([
		padded(Buffer.from('MZ'), 60),
		u32s(64),
		Buffer.from('PE\0\0'),
		// COFF: x86-64, one section, 240 bytes of optional header, "DLL, executable, large addresses".
		u16s(0x8664, 1),
		u32s(0, 0, 0),
		u16s(240, 0x2022),
		// Optional header of a PE32+: linker 14.0, sizes of code and data, no entry point.
		u16s(0x20b, 14),
		u32s(0, FILE_ALIGNMENT, 0, 0, SECTION_RVA),
		u64s(0x1_8000_0000n),
		u32s(SECTION_RVA, FILE_ALIGNMENT),
		u16s(6, 0, 0, 0, 6, 0),
		// Sizes of the image and of the headers, no checksum; for windows, and no code in data pages.
		u32s(0, 2 * SECTION_RVA, FILE_ALIGNMENT, 0),
		u16s(2, 0x100),
		// Stack and heap, reserved and committed.
		u64s(0x10_0000n, 0x1000n, 0x10_0000n, 0x1000n),
		// Sixteen data directories, of which only the first, the exports, is used.
		u32s(0, 16, SECTION_RVA, section.length, ...Array(30).fill(0)),
		Buffer.from('.rdata\0\0'),
		// The section's size and place in memory and in the file; initialised, readable data.
		u32s(section.length, SECTION_RVA, FILE_ALIGNMENT, FILE_ALIGNMENT, 0, 0, 0, 0x4000_0040),
	]);
	return Buffer.concat([padded(headers, FILE_ALIGNMENT), padded(section, FILE_ALIGNMENT)]);
}

const u16s = (...values) => Buffer.from(Uint16Array.from(values).buffer);
const u32s = (...values) => Buffer.from(Uint32Array.from(values).buffer);
const u64s = (...values) => Buffer.from(BigUint64Array.from(values).buffer);
const padded = (bytes, length) => Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
