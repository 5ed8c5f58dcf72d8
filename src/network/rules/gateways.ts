/** Reads the addresses of the routers in use from the routes, as Linux, macOS and Windows print them. */

/** Reads `/proc/net/route`, which has each gateway in hexadecimal, with the bytes reversed as little-endian machines have them. */
export function gatewaysInProc(text: string): string[] {
	return unique(
		text.split('\n').flatMap((line) => {
			const hex = /^\S+\s+[0-9a-f]{8}\s+([0-9a-f]{8})\s/i.exec(line)?.[1];
			const bytes = hex?.match(/../g)?.map((pair) => Number.parseInt(pair, 16));
			return bytes === undefined ? [] : [bytes.reverse().join('.')];
		}),
	);
}

/** Reads the output of `route -n get default` on macOS. */
export function gatewayInRouteGet(text: string): string[] {
	return unique([...text.matchAll(/^\s*gateway: (\d+(?:\.\d+){3})\s*$/gm)].map(([, address = '']) => address));
}

/** Reads the output of `route print -4 0.0.0.0` on Windows. */
export function gatewaysInRoutePrint(text: string): string[] {
	return unique([...text.matchAll(/^\s*0\.0\.0\.0\s+0\.0\.0\.0\s+(\d+(?:\.\d+){3})\s/gm)].map(([, address = '']) => address));
}

function unique(addresses: readonly string[]): string[] {
	return [...new Set(addresses)].filter((address) => address !== '0.0.0.0');
}
