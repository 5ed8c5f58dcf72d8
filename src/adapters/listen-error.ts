/** Why a port could not be listened on, as our error. */
import { CanonWifiError } from '../core/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
	EACCES: 'this user may not use that port',
	EADDRNOTAVAIL: 'this computer no longer has that address',
	ENODEV: 'that interface has no multicast',
};

/** `portTaken` when somebody else has it, else `cannotListen` with the reason; the system's error is the cause. */
export function listenError(error: NodeJS.ErrnoException, at: { protocol: 'TCP' | 'UDP'; address: string; port: number }): CanonWifiError {
	const { protocol, address, port } = at;
	if (error.code === 'EADDRINUSE') return new CanonWifiError('portTaken', { port, address, protocol }, { cause: error });
	const why = REASONS[error.code ?? ''] ?? error.message;
	return new CanonWifiError('cannotListen', { what: `${protocol} port ${port} of ${address}`, why }, { cause: error });
}
