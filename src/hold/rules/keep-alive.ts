/**
 * What is sent to an idle camera so that it stays. One operation at the start ends a PowerShot's time-out for good; the
 * rest is caution, as nobody has published how long a camera in PTP mode bears silence. An EOS is polled for events.
 */
import { OPERATION } from '#protocol/ptp/operations.ts';

export type KeepAliveSetting = 'auto' | 'off' | number;

/** Something small to ask. */
export interface KeepAliveOperation {
	operation: string;
	code: number;
}

export interface KeepAlivePlan {
	/** Milliseconds without an operation after which one is sent; `null`: never. */
	everyMs: number | null;
	/** Candidates when no client is connected, the first that the camera has not refused is sent. */
	alone: readonly KeepAliveOperation[];
	/** The same while clients are connected: nothing that takes events away from them. */
	shared: readonly KeepAliveOperation[];
	/** Sent instead once in a while, in milliseconds. */
	once: { operation: KeepAliveOperation; everyMs: number } | null;
}

/** Well under every idle limit that was ever reported (20 s in a model, 90 s on an EOS-1D X Mark II). */
const POWERSHOT_MS = 10_000;
/** eos-keepalive polls once a second and others less often; events wait in the camera meanwhile. */
const EOS_MS = 5000;
/** KeepDeviceOn: never more often than every 10 s in libgphoto2, every 60 s in eos-keepalive. */
const KEEP_ON_MS = 60_000;

const keepAlive = (operation: string, code: number): KeepAliveOperation => ({ operation, code });
const GET_EVENT = keepAlive('GetEvent', OPERATION.eosGetEvent);
const KEEP_ON = keepAlive('KeepDeviceOn', OPERATION.eosKeepDeviceOn);
/** Lightest first: a few bytes back, nothing changed. */
const LIGHT = [keepAlive('GetStorageIDs', OPERATION.getStorageIDs), keepAlive('GetDeviceInfo', OPERATION.getDeviceInfo)];

/** The plan for a camera that lists these operations. */
export function keepAlivePlan(setting: KeepAliveSetting, operations: readonly number[]): KeepAlivePlan {
	const lists = ({ code }: KeepAliveOperation) => operations.includes(code);
	// GetDeviceInfo needs not be listed: every camera answers it.
	const light = LIGHT.filter((one) => lists(one) || one.code === OPERATION.getDeviceInfo);
	const eos = lists(GET_EVENT) && operations.includes(OPERATION.eosSetRemoteMode);
	const everyMs = setting === 'off' ? null : setting === 'auto' ? (eos ? EOS_MS : POWERSHOT_MS) : setting * 1000;
	return {
		everyMs,
		alone: eos ? [GET_EVENT, ...light] : light,
		shared: light,
		once: eos && lists(KEEP_ON) ? { operation: KEEP_ON, everyMs: KEEP_ON_MS } : null,
	};
}

/** What to send now; nothing when the camera has refused everything. */
export function nextKeepAlive(
	plan: KeepAlivePlan,
	now: { clients: number; sinceOnceMs: number; refused: ReadonlySet<number> },
): KeepAliveOperation | undefined {
	const { once } = plan;
	if (once !== null && now.sinceOnceMs >= once.everyMs && !now.refused.has(once.operation.code)) return once.operation;
	return (now.clients > 0 ? plan.shared : plan.alone).find(({ code }) => !now.refused.has(code));
}

/** `auto`, `off` or seconds from 1 to an hour; nothing for anything else. */
export function keepAliveSetting(text: string): KeepAliveSetting | undefined {
	if (text === 'auto' || text === 'off') return text;
	if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
	const seconds = Number(text);
	return seconds >= 1 && seconds <= 3600 ? seconds : undefined;
}
