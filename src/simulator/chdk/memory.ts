/** The camera's memory as the debugging commands see it: what was written into it, and a firmware made of numbers. */

/** DryOS cameras of this age: RAM at 0 and, past the cache, at 0x40000000; ROM up to the end of the address space. */
const RAM_BYTES = 64 * 1024 * 1024;
const UNCACHED = 0x4000_0000;
const ROM_START = 0xff00_0000;
const PAGE_BYTES = 4096;

export class Memory {
	readonly #pages = new Map<number, Uint8Array>();

	/** Whether all of `size` bytes from `address` on are RAM or ROM. Reading anything else stops a real camera. */
	holds(address: number, size: number): boolean {
		if (address >= ROM_START) return address + size <= 0x1_0000_0000;
		const at = address >= UNCACHED ? address - UNCACHED : address;
		return at + size <= RAM_BYTES;
	}

	/** Fills `into` from `address` on, which it holds. */
	read(into: Uint8Array, address: number): void {
		for (let n = 0; n < into.length; n++) into[n] = this.#byte(address + n);
	}

	#byte(address: number): number {
		if (address >= ROM_START) return firmwareByte(address);
		const at = address >= UNCACHED ? address - UNCACHED : address;
		return this.#pages.get(Math.floor(at / PAGE_BYTES))?.[at % PAGE_BYTES] ?? 0;
	}

	/** Writes to RAM; ROM stays as it is. */
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

	/** A word of 1, 2 or 4 bytes; nothing where it is not aligned, has another size, or nothing is there. */
	peek(address: number, size: number): number | undefined {
		if (!isWord(address, size) || !this.holds(address, size)) return undefined;
		const bytes = new Uint8Array(4);
		this.read(bytes.subarray(0, size), address);
		return new DataView(bytes.buffer).getInt32(0, true);
	}

	/**
	 * What a function of the firmware gives back: its first argument, as one that does nothing (`BX LR`) leaves it in R0.
	 * Nothing when no code can be there, which stops a real camera.
	 */
	call(pointer: number, args: readonly number[]): number | undefined {
		// The lowest bit only chooses Thumb.
		return this.holds((pointer & ~1) >>> 0, 2) ? (args[0] ?? 0) | 0 : undefined;
	}

	/** Whether such a word can be there. */
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

/** The same at every start, and different from place to place. */
function firmwareByte(address: number): number {
	let x = Math.imul((address >>> 2) ^ 0x9e37_79b9, 0x85eb_ca6b);
	x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
	return ((x ^ (x >>> 16)) >>> ((address & 3) * 8)) & 0xff;
}
