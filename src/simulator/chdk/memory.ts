/** The camera's memory for the debugging commands: RAM that can be written, and ROM with invented contents. */

/** As in DryOS cameras of this age: RAM at 0 and, uncached, at 0x40000000; ROM up to the end of the address space. */
const RAM_BYTES = 64 * 1024 * 1024;
const UNCACHED = 0x4000_0000;
const ROM_START = 0xff00_0000;
const PAGE_BYTES = 4096;

/** The memory of one camera. */
export class Memory {
	readonly #pages = new Map<number, Uint8Array>();

	/** Whether all `size` bytes at `address` are RAM or ROM. Reading anything else crashes a real camera. */
	holds(address: number, size: number): boolean {
		if (address >= ROM_START) return address + size <= 0x1_0000_0000;
		const at = address >= UNCACHED ? address - UNCACHED : address;
		return at + size <= RAM_BYTES;
	}

	/** Fills `into` from `address`, which must be in RAM or ROM. */
	read(into: Uint8Array, address: number): void {
		for (let n = 0; n < into.length; n++) into[n] = this.#byte(address + n);
	}

	#byte(address: number): number {
		if (address >= ROM_START) return firmwareByte(address);
		const at = address >= UNCACHED ? address - UNCACHED : address;
		return this.#pages.get(Math.floor(at / PAGE_BYTES))?.[at % PAGE_BYTES] ?? 0;
	}

	/** Writes to RAM. Writing to ROM has no effect. */
	write(bytes: Uint8Array, address: number): void {
		if (address >= ROM_START) return;
		const start = address >= UNCACHED ? address - UNCACHED : address;
		for (let n = 0; n < bytes.length; ) {
			const at = start + n;
			const number = Math.floor(at / PAGE_BYTES);
			let page = this.#pages.get(number);
			if (page === undefined) {
				page = new Uint8Array(PAGE_BYTES);
				this.#pages.set(number, page);
			}
			const part = bytes.subarray(n, n + PAGE_BYTES - (at % PAGE_BYTES));
			page.set(part, at % PAGE_BYTES);
			n += part.length;
		}
	}

	/** Reads a word of 1, 2 or 4 bytes; `undefined` if the address is not aligned or not in memory, or for another size. */
	peek(address: number, size: number): number | undefined {
		if (!isWord(address, size) || !this.holds(address, size)) return undefined;
		const bytes = new Uint8Array(4);
		this.read(bytes.subarray(0, size), address);
		return new DataView(bytes.buffer).getInt32(0, true);
	}

	/**
	 * Calls a function of the firmware. It returns its first argument, as a function that does nothing (`BX LR`) leaves it in
	 * R0. Returns `undefined` if there can be no code, which crashes a real camera.
	 */
	call(pointer: number, args: readonly number[]): number | undefined {
		// The lowest bit only chooses Thumb.
		return this.holds((pointer & ~1) >>> 0, 2) ? (args[0] ?? 0) | 0 : undefined;
	}

	/** Writes a word. Returns false under the conditions of `peek`. */
	poke(address: number, value: number, size: number): boolean {
		if (!isWord(address, size) || !this.holds(address, size)) return false;
		const bytes = new Uint8Array(4);
		new DataView(bytes.buffer).setInt32(0, value, true);
		this.write(bytes.subarray(0, size), address);
		return true;
	}
}

function isWord(address: number, size: number): boolean {
	return (size === 1 || size === 2 || size === 4) && address % size === 0;
}

/** Returns a byte of the ROM: the same at every start, and different at each address. */
function firmwareByte(address: number): number {
	let x = Math.imul((address >>> 2) ^ 0x9e37_79b9, 0x85eb_ca6b);
	x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
	return ((x ^ (x >>> 16)) >>> ((address & 3) * 8)) & 0xff;
}
