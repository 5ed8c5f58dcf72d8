/** What we use of node-ssdp 4.0.1, which has no types. Names with an underscore are internal; the package has not changed since 2020. */
declare module 'node-ssdp' {
	import type { Socket } from 'node:dgram';
	import type { EventEmitter } from 'node:events';

	interface ServerOptions {
		location: string;
		/** `uuid:...` */
		udn: string;
		/** Registers no USN besides those of `addUSN`. */
		suppressRootDeviceAdvertisements?: boolean;
		customLogger?: (...words: unknown[]) => void;
	}

	type Done = (error?: Error | null) => void;

	class Server extends EventEmitter {
		constructor(options: ServerOptions);
		/** By the address that each belongs to; `null` when stopped. Answers go out on all of them. */
		sockets: Record<string, Socket> | null;
		/** Search target to USN. */
		readonly _usns: Readonly<Record<string, string>>;
		addUSN(target: string): void;
		start(): PromiseLike<void>;
		stop(): void;
		advertise(alive?: boolean): void;
		_start(done: Done): void;
		_stop(): void;
		_initAdLoop(): void;
		_stopAdLoop(): void;
	}

	const ssdp: { Server: typeof Server };
	export = ssdp;
}
