/** Makes the camera's port and its activities on the network follow the firmware's state. */
import { Activities } from './activities.ts';
import type { CameraPort } from './camera-port.ts';
import type { SimulatorEmit } from './events.ts';
import type { PortState } from './modes/machine.ts';
import type { WifiMode } from './modes/mode.ts';

export interface NetworkFollowerOptions<S> {
	mode: Pick<WifiMode<S, unknown>, 'portState' | 'activities' | 'portOpened'>;
	port: CameraPort;
	/** The camera's IPv4 address. */
	address: string;
	emit: SimulatorEmit;
}

export class NetworkFollower<S> {
	readonly #options: NetworkFollowerOptions<S>;
	readonly #activities = new Activities();
	#portState: PortState = 'closed';

	constructor(options: NetworkFollowerOptions<S>) {
		this.#options = options;
	}

	/** Brings port and activities into line with `state`. Rejects when a port or address cannot be used. */
	async follow(state: S): Promise<void> {
		const { mode, port, address, emit } = this.#options;
		const portState = mode.portState(state);
		// The port opens before anything announces it, and closes after that has stopped.
		if (portState === 'closed') await this.#activities.switchTo(mode.activities(state));
		await port.switchTo(portState);
		if (portState !== 'closed') await this.#activities.switchTo(mode.activities(state));
		if (portState === 'accepting' && this.#portState !== 'accepting') {
			const opened = mode.portOpened(state, address, port.number);
			if (opened !== undefined) emit(opened);
		}
		this.#portState = portState;
	}

	/** Stops all activities and closes the port. */
	async stop(): Promise<void> {
		await this.#activities.switchTo([]);
		await this.#options.port.switchTo('closed');
	}
}
