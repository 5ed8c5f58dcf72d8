/** The run was ended from outside: Ctrl-C, SIGTERM, or Ctrl-C at a question. Not an error; the reason of the abort signal. */
import { EXIT } from './errors.ts';

export class Stopped extends Error {
	override readonly name = 'Stopped';
	readonly exitCode: number;

	constructor(by: 'SIGINT' | 'SIGBREAK' | 'SIGQUIT' | 'SIGTERM' | 'SIGHUP') {
		super(by);
		this.exitCode = by === 'SIGINT' || by === 'SIGBREAK' ? EXIT.interrupted : EXIT.terminated;
	}
}
