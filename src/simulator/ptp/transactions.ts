/** Runs the transactions of one PTP-IP session: checks their order, and handles data phases and responses. */
import { OPERATION, operationName } from '#protocol/ptp/operations.ts';
import { RESPONSE, responseName } from '#protocol/ptp/responses.ts';
import { encodePacket, type Packet, type PacketOf } from '#protocol/ptpip/packet.ts';
import { nextTransactionId } from '#protocol/ptpip/transaction.ts';
import type { SimulatorEmit } from '../events.ts';
import type { FaultPlan } from '../faults/plan.ts';
import type { CameraConnection } from '../ptpip/connection.ts';
import type { SessionState } from './device.ts';
import { DataPhaseFailed, Incoming } from './incoming.ts';
import type { IncomingRequest, Operation, OperationResult, OperationTable } from './operation.ts';
import { sendData } from './outgoing.ts';

/** What the transactions need. */
export interface TransactionsOptions<D> {
	command: CameraConnection;
	event: CameraConnection;
	operations: OperationTable<D>;
	device: D & { session: SessionState };
	emit: SimulatorEmit;
	/** Called when an operation arrives. Its answer is reported as an event. */
	begun?: (() => void) | undefined;
	/** Whether the camera answers Device Busy. */
	busy: () => boolean;
	faults: Pick<FaultPlan, 'operation'> | undefined;
}

/** The current transaction, and whether the initiator has sent Cancel for it (on either connection). */
interface Running {
	transactionId: number | undefined;
	cancelled: boolean;
}

/** Serves until the command connection is over. */
export async function runTransactions<D>(options: TransactionsOptions<D>): Promise<void> {
	const { command, event } = options;
	const running: Running = { transactionId: undefined, cancelled: false };
	const onCancel = (id: number): boolean => {
		if (id !== running.transactionId) return false;
		running.cancelled = true;
		return true;
	};
	command.onCancel = onCancel;
	// A data phase that waits on the command connection must see the Cancel too.
	event.onCancel = (id) =>
		void (onCancel(id) && command.unread({ type: 'packet', packet: { kind: 'cancel', transactionId: id }, payloadBytes: 0 }));
	void answerProbes(event);
	for (;;) {
		const frame = await command.next();
		if (frame === undefined) return;
		if (frame.type === 'payload') continue; // of a data phase that was refused
		if (frame.packet.kind === 'probeRequest') await command.out.send({ kind: 'probeResponse' });
		if (frame.packet.kind === 'operationRequest') await transact(frame.packet, options, running);
		// Anything else is left over from a refused data phase.
	}
}

/** Answers probes. The initiator sends nothing but probes and cancels on the event connection. */
async function answerProbes(event: CameraConnection): Promise<void> {
	for (let frame = await event.next(); frame !== undefined; frame = await event.next())
		if (frame.type === 'packet' && frame.packet.kind === 'probeRequest') await event.out.send({ kind: 'probeResponse' });
}

async function transact<D>(asked: PacketOf<'operationRequest'>, options: TransactionsOptions<D>, running: Running): Promise<void> {
	const { command, operations, device, emit } = options;
	const { code, transactionId, params } = asked;
	const request: IncomingRequest = { code, transactionId, params, param: (n) => params[n - 1] ?? 0 };
	const operation = operations.get(code);
	let received = 0;
	running.transactionId = transactionId;
	running.cancelled = false;
	const fault = options.faults?.operation(code);
	if (fault?.kind === 'drop-at') return command.out.breakOff('drop');
	if (fault?.kind === 'freeze-at') return command.out.breakOff('freeze');
	options.begun?.();
	const refusal = refused(request, operation, device.session) ?? (fault?.kind === 'refuse' ? fault.code : busyFor(request, options));
	let answer: OperationResult;
	if (refusal !== undefined || operation === undefined) {
		answer = { response: refusal ?? RESPONSE.operationNotSupported };
	} else {
		let data: Incoming | undefined;
		try {
			data = operation.dataOut?.(request) ? await Incoming.begin(command, transactionId) : undefined;
			answer = await operation.run(request, device, data);
		} catch (error) {
			if (!(error instanceof DataPhaseFailed)) throw error;
			answer = { response: error.response };
		}
		await data?.swallow();
		received = data?.received ?? 0;
	}
	const sent = answer.data === undefined ? 0 : await sendData(command, transactionId, answer.data, () => running.cancelled);
	const response = sent === 'cancelled' ? RESPONSE.transactionCanceled : sent === 'broken' ? RESPONSE.incompleteTransfer : answer.response;
	running.transactionId = undefined;
	const packet: Packet = { kind: 'operationResponse', code: response, transactionId, params: answer.params ?? [] };
	let taken: Promise<void> | undefined;
	if (fault?.kind === 'bad-length') command.out.sendRaw(absurdlyLong(packet));
	else taken = command.out.send(fault?.kind === 'bad-transaction' ? { ...packet, transactionId: transactionId + WRONG_BY } : packet);
	emit({
		type: 'operation',
		code,
		name: operationName(code),
		transactionId,
		params,
		response: responseName(response),
		sent: typeof sent === 'number' ? sent : 0,
		received,
	});
	answer.after?.();
	await taken;
}

/** Added to a transaction id to make a wrong one. */
const WRONG_BY = 1000;

/** Encodes a packet whose length field says nearly 4 GiB. */
function absurdlyLong(packet: Packet): Uint8Array {
	const bytes = encodePacket(packet);
	new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, 0xffff_fff0, true);
	return bytes;
}

/** Returns Device Busy while the camera is busy, except for GetDeviceInfo, OpenSession and CloseSession. */
function busyFor<D>({ code }: IncomingRequest, { busy }: TransactionsOptions<D>): number | undefined {
	const always = code === OPERATION.getDeviceInfo || code === OPERATION.openSession || code === OPERATION.closeSession;
	return !always && busy() ? RESPONSE.deviceBusy : undefined;
}

/** Returns the response to a request out of order; `undefined` if it may run. */
function refused<D>(request: IncomingRequest, operation: Operation<D> | undefined, session: SessionState): number | undefined {
	if (session.dead) return RESPONSE.operationNotSupported;
	const opens = request.code === OPERATION.openSession;
	if (session.id === 0) return opens || operation?.withoutSession === true ? undefined : RESPONSE.sessionNotOpen;
	const isNext = request.transactionId === nextTransactionId(session.lastTransaction);
	if (isNext) session.lastTransaction = request.transactionId;
	// A second OpenSession may have any id, because the operation itself refuses it.
	return isNext || opens ? undefined : RESPONSE.invalidTransactionID;
}
