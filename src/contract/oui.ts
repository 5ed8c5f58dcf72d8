/** Makers by the first three bytes of a MAC address (OUI). */

/** Assigned to Canon Inc., for printers, scanners and cameras alike (Wireshark's `manuf` table). */
const CANON = new Set(
	`00:00:85 00:1e:8f 00:bb:c1 00:c0:85 18:0c:ac 2c:9e:fc 34:9f:7b 40:f8:df 5c:62:5a 60:12:8b 6c:3c:7c 6c:f2:d8
	74:38:b7 74:bf:c0 84:ba:3b 88:87:17 9c:32:ce d8:49:2f dc:c2:c9 f4:81:39 f4:a9:97 f8:0d:60 f8:a2:6d`.split(/\s+/),
);

/**
 * Whether a MAC address is one of Canon's. A "no" excludes nothing: a camera's Wi-Fi module may carry its own maker's.
 * `mac`: six hex pairs with colons or dashes, in any case.
 */
export function isCanonMac(mac: string): boolean {
	return CANON.has(mac.slice(0, 8).toLowerCase().replaceAll('-', ':'));
}
