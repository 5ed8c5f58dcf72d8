/** Loads the script machine with the first script, because most sessions never run one. */
import type { CameraCalls, RunningScript, ScriptMachine } from '../machine.ts';
import type { LuaMachineOptions } from './machine.ts';

/** Makes a script machine that is loaded when the first script starts. */
export function lazyMachine(options: LuaMachineOptions): ScriptMachine {
	let machine: ScriptMachine | undefined;
	let closed = false;
	return {
		async start(source: Uint8Array, calls: CameraCalls): Promise<RunningScript | { compileError: string }> {
			closed = false;
			const { LuaMachine } = await import('./machine.ts');
			if (closed) return { compileError: 'the camera is off' };
			machine ??= new LuaMachine(options);
			return machine.start(source, calls);
		},
		close() {
			closed = true;
			machine?.close();
		},
	};
}
