/**
 * What is sent to an idle camera so that it stays awake. On a PowerShot one operation at the start ends the time-out for good.
 * The rest is a precaution, because it is not published how long a camera in PTP mode tolerates silence. An EOS is polled for
 * events.
 */
import { OPERATION } from '#protocol/ptp/operations.ts';

/** `auto`, `off`, or an interval in seconds. */
export type KeepAliveSetting = 'auto' | 'off' | number;

/** A small operation that keeps a camera awake. */
export interface KeepAliveOperation {
	name: string;
	code: number;
}

/** Which operations are sent, and when. */
export interface KeepAlivePlan {
	/** One is sent after this many milliseconds without an operation; `null`: never. */
	everyMs: number | null;
	/** Candidates while no client is connected. The first that the camera has not refused is sent. */
	alone: readonly KeepAliveOperation[];
	/** Candidates while clients are connected: none of these takes events away from them. */
	shared: readonly KeepAliveOperation[];
	/** Sent instead at this interval, in milliseconds. */
	once: { operation: KeepAliveOperation; everyMs: number } | null;
}

/** Well below every idle limit that was ever reported (20 s in a model, 90 s on an EOS-1D X Mark II). */
const POWERSHOT_MS = 10_000;
/** eos-keepalive polls once a second, others less often. Events wait in the camera meanwhile. */
const EOS_MS = 5000;
/** KeepDeviceOn: never more often than every 10 s in libgphoto2, every 60 s in eos-keepalive. */
const KEEP_ON_MS = 60_000;

const keepAlive = (name: string, code: number): KeepAliveOperation => ({ name, code });
const GET_EVENT = keepAlive('GetEvent', OPERATION.eosGetEvent);
const KEEP_ON = keepAlive('KeepDeviceOn', OPERATION.eosKeepDeviceOn);
/** Lightest first: a few bytes in the response, and nothing changes. */
const LIGHT = [keepAlive('GetStorageIDs', OPERATION.getStorageIDs), keepAlive('GetDeviceInfo', OPERATION.getDeviceInfo)];

/** Makes the plan for a camera that supports these operations. */
export function keepAlivePlan(setting: KeepAliveSetting, operations: readonly number[]): KeepAlivePlan {
	const lists = ({ code }: KeepAliveOperation) => operations.includes(code);
	// GetDeviceInfo need not be listed: every camera answers it.
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

/** Chooses what to send now. Returns undefined when the camera has refused everything. */
export function nextKeepAlive(
	plan: KeepAlivePlan,
	now: { clients: number; sinceOnceMs: number; refused: ReadonlySet<number> },
): KeepAliveOperation | undefined {
	const { once } = plan;
	if (once !== null && now.sinceOnceMs >= once.everyMs && !now.refused.has(once.operation.code)) return once.operation;
	return (now.clients > 0 ? plan.shared : plan.alone).find(({ code }) => !now.refused.has(code));
}

/** Parses `--keepalive`: `auto`, `off` or seconds from 1 to an hour. Returns undefined for anything else. */
export function keepAliveSetting(text: string): KeepAliveSetting | undefined {
	if (text === 'auto' || text === 'off') return text;
	if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
	const seconds = Number(text);
	return seconds >= 1 && seconds <= 3600 ? seconds : undefined;
}
