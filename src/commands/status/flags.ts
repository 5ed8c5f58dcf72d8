/** The command line of `status`. */
import { defineCommand } from '../shared/command-line.ts';

export const STATUS = defineCommand({
	name: 'status',
	summary: 'show the cameras that are held, and who is using them',
	examples: ['canon-wifi status', 'canon-wifi status --json'],
});
