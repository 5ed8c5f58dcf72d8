/** The thread's side of the calls to the camera. */
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { CameraCalls } from '../machine.ts';
import type { FromThread, ThreadData, ToThread } from './calls.ts';

const { answers, port, root, buildInfo } = workerData as ThreadData;

export { buildInfo, port, root };

/** Sends a message to the camera. */
export function tell(message: FromThread): void {
	port.postMessage(message);
}

/** Calls the camera and blocks until the answer is there. */
export function call<N extends keyof CameraCalls>(name: N, ...args: Parameters<CameraCalls[N]>): Awaited<ReturnType<CameraCalls[N]>> {
	const before = Atomics.load(answers, 0);
	tell({ type: 'call', name, args });
	Atomics.wait(answers, 0, before);
	const received = receiveMessageOnPort(port) as { message: ToThread } | undefined;
	if (received?.message.type !== 'answer') throw new Error('no answer from the camera');
	return received.message.value as Awaited<ReturnType<CameraCalls[N]>>;
}
