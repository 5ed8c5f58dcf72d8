/**
 * The camera's events and their three ways to the initiator: packets on the event connection, CheckEvent (0x9013) of older
 * PowerShots, and GetEvent (0x9116) of cameras with EOS operations.
 */
import { EVENT } from '#protocol/ptp/events.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { PROPERTY } from '#protocol/ptp/properties.ts';
import type { CardEntry } from '../card/card.ts';
import type { CameraModel } from '../models/model.ts';
import { objectAddedEx, objectRemoved, propertyChanged } from './eos-records.ts';
import { STORAGE_ID } from './storage-id.ts';

/** How many events wait to be fetched; then the oldest is lost. */
const MOST_WAITING = 1000;
/** From this EventEmulateMode on events must be fetched (libgphoto2: 1 to 5 interrupt, 6 and 7 do not). */
const FIRST_POLLED_MODE = 6;
/** USB container type "event": CheckEvent answers with such a container. */
const EVENT_CONTAINER = 4;

/** What the events need from the camera. */
export interface CameraEventsOptions {
	model: Pick<CameraModel, 'events' | 'operations'>;
	/** Sends an event packet. */
	send(code: number, params: readonly number[]): void;
	/** Returns the value of a device property; `undefined` if it does not exist. */
	property(code: number): number | undefined;
}

/** Reports changes of the card and of properties. */
export class CameraEvents {
	readonly #options: CameraEventsOptions;
	#eosMode = 0;
	#eos: Uint8Array[] = [];
	#polled: { code: number; params: readonly number[] }[] = [];

	constructor(options: CameraEventsOptions) {
		this.#options = options;
	}

	/** SetEventMode (0x9115): from mode 1 on events wait for GetEvent. */
	set eosMode(mode: number) {
		this.#eosMode = mode;
		if (mode === 0) this.#eos = [];
	}

	/** Reports a new object on the card. Call it for a file when it is complete. */
	added(object: CardEntry): void {
		if (this.#eosMode > 0) this.#queueEos(objectAddedEx(STORAGE_ID, object));
		else this.#post(EVENT.objectAdded, [object.handle]);
		this.#storageChanged();
	}

	/** Reports that an object is gone. */
	removed(object: CardEntry): void {
		if (this.#eosMode > 0) this.#queueEos(objectRemoved(object.handle));
		else this.#post(EVENT.objectRemoved, [object.handle]);
		this.#storageChanged();
	}

	/** Reports that the free space has changed. */
	#storageChanged(): void {
		if (this.#eosMode === 0) this.#post(EVENT.storageInfoChanged, [STORAGE_ID]);
	}

	/** Reports the value of an EOS property. */
	eosProperty(code: number, value: number): void {
		if (this.#eosMode > 0) this.#queueEos(propertyChanged(code, value));
	}

	#queueEos(record: Uint8Array): void {
		if (this.#eos.length >= MOST_WAITING) this.#eos.shift();
		// One RequestGetEvent is enough for all waiting records.
		if (this.#eos.length === 0) this.#post(EVENT.eosRequestGetEvent, []);
		this.#eos.push(record);
	}

	#post(code: number, params: readonly number[]): void {
		const { model, property, send } = this.#options;
		if (!model.events.includes(code)) return;
		const asked =
			model.operations.includes(OPERATION.canonCheckEvent) && (property(PROPERTY.canonEventEmulateMode) ?? 0) >= FIRST_POLLED_MODE;
		if (!asked) {
			send(code, params);
			return;
		}
		if (this.#polled.length >= MOST_WAITING) this.#polled.shift();
		this.#polled.push({ code, params });
	}

	/** Takes the waiting records for GetEvent. */
	takeEos(): readonly Uint8Array[] {
		const records = this.#eos;
		this.#eos = [];
		return records;
	}

	/** Takes the next event for CheckEvent as a container; empty if none waits (libgphoto2 ptp-pack.c). */
	takePolled(): Uint8Array {
		const event = this.#polled.shift();
		if (event === undefined) return new Uint8Array(0);
		const bytes = new Uint8Array(12 + 4 * event.params.length);
		const view = new DataView(bytes.buffer);
		view.setUint32(0, bytes.length, true);
		view.setUint16(4, EVENT_CONTAINER, true);
		view.setUint16(6, event.code, true);
		for (const [n, param] of event.params.entries()) view.setUint32(12 + 4 * n, param, true);
		return bytes;
	}
}
