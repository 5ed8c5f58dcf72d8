/**
 * Events of the camera and their three ways to the initiator: packets on the event connection, CheckEvent (0x9013) of
 * older PowerShots, and GetEvent (0x9116) of those that speak the EOS operations.
 */
import { EVENT } from '#protocol/ptp/events.ts';
import { OPERATION } from '#protocol/ptp/operations.ts';
import { PROPERTY } from '#protocol/ptp/properties.ts';
import type { CardEntry } from '../card/card.ts';
import type { CameraModel } from '../models/model.ts';
import { objectAddedEx, objectRemoved, propertyChanged } from './eos-records.ts';
import { STORAGE_ID } from './storage-id.ts';

/** Events that wait to be asked for; older ones are lost beyond this. */
const MOST_WAITING = 1000;
/** EventEmulateMode from which on events are to be asked for (libgphoto2: 1 to 5 interrupt, 6 and 7 do not). */
const FIRST_POLLED_MODE = 6;
/** USB container type "event": CheckEvent answers with such a container. */
const EVENT_CONTAINER = 4;

export interface EventSurroundings {
	model: Pick<CameraModel, 'events' | 'operations'>;
	/** Sends an event packet. */
	send(code: number, params: readonly number[]): void;
	/** The value of a device property; nothing when it does not exist. */
	property(code: number): number | undefined;
}

export class CameraEvents {
	readonly #around: EventSurroundings;
	#eosMode = 0;
	#eos: Uint8Array[] = [];
	#polled: { code: number; params: readonly number[] }[] = [];

	constructor(around: EventSurroundings) {
		this.#around = around;
	}

	/** SetEventMode (0x9115): from 1 on events wait for GetEvent. */
	set eosMode(mode: number) {
		this.#eosMode = mode;
		if (mode === 0) this.#eos = [];
	}

	/** Something new is on the card; of a file, when it is whole. */
	added(object: CardEntry): void {
		if (this.#eosMode > 0) this.#queueEos(objectAddedEx(STORAGE_ID, object));
		else this.#post(EVENT.objectAdded, [object.handle]);
		this.#storageChanged();
	}

	removed(object: CardEntry): void {
		if (this.#eosMode > 0) this.#queueEos(objectRemoved(object.handle));
		else this.#post(EVENT.objectRemoved, [object.handle]);
		this.#storageChanged();
	}

	/** The free space is another one. */
	#storageChanged(): void {
		if (this.#eosMode === 0) this.#post(EVENT.storageInfoChanged, [STORAGE_ID]);
	}

	/** An EOS property has a value now. */
	eosProperty(code: number, value: number): void {
		if (this.#eosMode > 0) this.#queueEos(propertyChanged(code, value));
	}

	#queueEos(record: Uint8Array): void {
		if (this.#eos.length >= MOST_WAITING) this.#eos.shift();
		// The event that tells to ask is said once for all that waits.
		if (this.#eos.length === 0) this.#post(EVENT.eosRequestGetEvent, []);
		this.#eos.push(record);
	}

	#post(code: number, params: readonly number[]): void {
		const { model, property, send } = this.#around;
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

	/** Records for GetEvent; they are gone then. */
	takeEos(): readonly Uint8Array[] {
		const records = this.#eos;
		this.#eos = [];
		return records;
	}

	/** The next event for CheckEvent, as a container; empty when none waits (libgphoto2 ptp-pack.c). */
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
