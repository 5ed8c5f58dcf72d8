/** The command line of `demo`. */
import { defineCommand } from '../shared/command-line.ts';

export const DEMO = defineCommand({
	name: 'demo',
	summary: 'run the full workflow against a simulated camera on this computer',
	examples: ['canon-wifi demo'],
});
