/** The command line of `serve`: that of the old helper scripts. */
import { type CallOf, defineCommand } from '../shared/command-line.ts';
import { NETWORK_FLAGS } from '../shared/flags.ts';

export const SERVE = defineCommand({
	name: 'serve',
	summary: 'only answer cameras, until Ctrl-C (replaces the old helper scripts)',
	arguments: { 'lan-ip': { description: "this computer's IPv4 address in the camera's network" } },
	flags: {
		...NETWORK_FLAGS,
		interface: { ...NETWORK_FLAGS.interface, oldName: 'iface', short: 'i' },
		port: { short: 'p', value: 'PORT', kind: 'port', default: 1900, description: 'SSDP port; cameras use no other' },
		'no-start-desc': { description: 'only answer searches; something else serves the description' },
		ipv4: { short: '4', description: 'IPv4, the default' },
		ipv6: { short: '6', description: 'refused: cameras only try IPv4', hidden: true },
		timeout: { value: 'SECONDS', kind: 'seconds', description: 'exit after this long (default: never)' },
	},
	examples: ['canon-wifi serve 192.168.1.20', 'canon-wifi serve 192.168.1.20 -n studio -P 8043'],
});

export type ServeCall = CallOf<typeof SERVE>;
