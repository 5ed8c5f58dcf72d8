/** IPv4 addresses as text, and what people give in their place. */

/** Whether only this computer's own programs reach an IPv4 address. */
export const isLoopback = (address: string): boolean => address.startsWith('127.');

/** Why a text is no IPv4 literal, to follow on it in a sentence: `is a name`. Only for texts that are none. */
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
