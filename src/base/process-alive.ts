/** Whether a process runs. */
import { errnoOf } from './errors.ts';

/** Whether a process with this id runs, also one of another user. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return errnoOf(error) === 'EPERM';
	}
}
