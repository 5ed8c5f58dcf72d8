/** IPv4 addresses as text, and what people write in their place. */

/** Whether an IPv4 address can only be reached from this computer. */
export const isLoopback = (address: string): boolean => address.startsWith('127.');

/** Says why a text is not an IPv4 literal, as the end of a sentence about it: `is a name`. Call it only for such texts. */
export function whyNotIpv4(given: string): string {
	if (given.trim() === '') return 'is empty';
	if (given !== given.trim()) return 'has blanks around it';
	if (/^\[?[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*(?:%.*)?\]?(?:\/\d+)?$/i.test(given)) return 'is an IPv6 address, and cameras only speak IPv4';
	if (/^[a-z]+:\/\//i.test(given)) return 'is a URL';
	if (/^[\d.]+:\d+$/.test(given)) return 'has a port';
	if (/^[\d.]+\/\d+$/.test(given)) return 'is a subnet, not the address of one computer';
	if (/^\d+(?:\.\d+)*\.?$/.test(given)) {
		const parts = given.split('.');
		if (parts.length !== 4 || parts.includes('')) return 'does not have four numbers';
		if (parts.some((part) => /^0\d/.test(part))) return 'has a number with a leading zero, which some programs read as octal';
		return 'has a number above 255';
	}
	if (/^[\p{L}\p{N}._-]+$/u.test(given)) return 'is a name';
	return 'is not one';
}
