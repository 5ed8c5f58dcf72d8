/** An initiator that asks and never reads: the camera keeps one answer for it, and reads nothing more. */
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { realClock } from '#simulator/clock.ts';
import { runTransactions } from '#simulator/ptp/transactions.ts';
import { cameraConnection } from '#simulator/ptpip/connection.ts';

/** Takes the first write and never says that it is through, as the system does when the other side does not read. */
class Clogged extends Duplex {
	override _read(): void {}
	override _write(): void {}
	setNoDelay(): this {
		return this;
	}
}

const PROBE = '080000000d000000';
/** GetStorageIDs without a session: answered with a response of 14 bytes, and no data. */
const REQUEST = '120000000600000001000000041001000000';

test.each([
	['probes on the event connection', 'event', PROBE, 8],
	['probes on the command connection', 'command', PROBE, 8],
	['requests', 'command', REQUEST, 14],
] as const)('%s: one answer waits, however many have been asked for', async (_, which, packet, answer) => {
	const sockets = { command: new Clogged(), event: new Clogged() };
	const [command, event] = [sockets.command, sockets.event].map((socket) => cameraConnection(socket as unknown as Socket, realClock));
	if (command === undefined || event === undefined) throw new Error('two connections');
	const served = runTransactions({
		command,
		event,
		operations: new Map(),
		device: { session: { id: 0, lastTransaction: 0, dead: false } },
		emit: () => {},
		busy: () => false,
		faults: undefined,
	});
	sockets[which].push(Buffer.from(packet.repeat(5000), 'hex'));
	for (let n = 0; n < 50; n++) await turn();
	expect(sockets[which].writableLength).toBe(answer);
	expect(sockets[which].isPaused()).toBe(true);
	command.destroy('the test is over');
	event.destroy('the test is over');
	await served;
});
