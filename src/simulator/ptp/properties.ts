/** Device properties: declared with a type and a value, described and changed by their PTP operations. */
import { OPERATION } from '../../core/ptp/operations.ts';
import { TYPE } from '../../core/ptp/properties.ts';
import { RESPONSE } from '../../core/ptp/responses.ts';
import { MalformedBytes, Reader, Writer } from '../../core/wire/bytes.ts';
import { array, type Field, ptpString, u8, u16, u32 } from '../../core/wire/fields.ts';
import type { Device } from './device.ts';
import type { Operation } from './operation.ts';

export type PropertyValue = number | string | readonly number[];
type PropertyType = 'u8' | 'u16' | 'u32' | 'string' | 'bytes';

export interface DevicePropertyDeclaration {
	code: number;
	type: PropertyType;
	/** Value when the camera is switched on; `clock`: seconds since 1970 of the camera's clock. */
	value: PropertyValue | 'clock';
	/** The values that are allowed, if they are a list. */
	choices?: readonly number[];
	writable?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: each type has a field of its own value type; `valueOf` keeps them together.
const fields: Readonly<Record<PropertyType, Field<any>>> = { u8, u16, u32, string: ptpString, bytes: array(u8) };

/** The properties of one camera that is on. */
export class DeviceProperties {
	readonly #declared: ReadonlyMap<number, DevicePropertyDeclaration>;
	readonly #values = new Map<number, PropertyValue>();
	readonly #date: () => Date;
	/** Seconds that the camera's clock was set ahead. */
	#clockOffset = 0;

	constructor(declared: readonly DevicePropertyDeclaration[], date: () => Date) {
		this.#declared = new Map(declared.map((property) => [property.code, property]));
		this.#date = date;
	}

	declared(code: number): DevicePropertyDeclaration | undefined {
		return this.#declared.get(code);
	}

	value({ code, value }: DevicePropertyDeclaration): PropertyValue {
		if (value === 'clock') return (Math.floor(this.#date().getTime() / 1000) + this.#clockOffset) >>> 0;
		return this.#values.get(code) ?? value;
	}

	/** The value of a property that is a number; nothing when there is no such property. */
	number(code: number): number | undefined {
		const property = this.#declared.get(code);
		const value = property === undefined ? undefined : this.value(property);
		return typeof value === 'number' ? value : undefined;
	}

	/** Back to the value of switching on. A clock goes on. */
	reset({ code }: DevicePropertyDeclaration): void {
		this.#values.delete(code);
	}

	set({ code, value }: DevicePropertyDeclaration, to: PropertyValue): void {
		if (value === 'clock') this.#clockOffset = Number(to) - Math.floor(this.#date().getTime() / 1000);
		else this.#values.set(code, to);
	}
}

const initial = (property: DevicePropertyDeclaration): PropertyValue => (property.value === 'clock' ? 0 : property.value);

/** DevicePropDesc: code, type, get/set, default, current, form (none or an enumeration). */
function describe(property: DevicePropertyDeclaration, current: PropertyValue): Uint8Array {
	const { code, type, choices, writable } = property;
	const field = fields[type];
	const to = new Writer();
	to.u16(code);
	to.u16(TYPE[type]);
	to.u8(writable === true ? 1 : 0);
	field.write(to, initial(property));
	field.write(to, current);
	to.u8(choices === undefined ? 0 : 2);
	if (choices !== undefined) {
		to.u16(choices.length);
		for (const choice of choices) field.write(to, choice);
	}
	return to.done();
}

const notSupported = { response: RESPONSE.devicePropNotSupported };
/** A string of 255 units is the longest value that there is. */
const LARGEST_VALUE = 4096;

export const propertyOperations: ReadonlyMap<number, Operation<Device>> = new Map<number, Operation<Device>>([
	[
		OPERATION.getDevicePropDesc,
		{
			run({ param }, { properties }) {
				const property = properties.declared(param(1));
				if (property === undefined) return notSupported;
				return { response: RESPONSE.ok, data: describe(property, properties.value(property)) };
			},
		},
	],
	[
		OPERATION.getDevicePropValue,
		{
			run({ param }, { properties }) {
				const property = properties.declared(param(1));
				if (property === undefined) return notSupported;
				const to = new Writer();
				fields[property.type].write(to, properties.value(property));
				return { response: RESPONSE.ok, data: to.done() };
			},
		},
	],
	[
		OPERATION.resetDevicePropValue,
		{
			run({ param }, { properties }) {
				const property = properties.declared(param(1));
				if (property === undefined) return notSupported;
				if (property.writable !== true) return { response: RESPONSE.accessDenied };
				properties.reset(property);
				return { response: RESPONSE.ok };
			},
		},
	],
	[
		OPERATION.setDevicePropValue,
		{
			dataOut: () => true,
			async run({ param }, { properties }, data) {
				const property = properties.declared(param(1));
				if (property === undefined) return notSupported;
				if (property.writable !== true) return { response: RESPONSE.accessDenied };
				const bytes = (await data?.collect(LARGEST_VALUE)) ?? new Uint8Array(0);
				try {
					const from = new Reader(bytes);
					const value = fields[property.type].read(from) as PropertyValue;
					if (from.left > 0) return { response: RESPONSE.invalidDevicePropFormat };
					if (property.choices !== undefined && !property.choices.includes(value as number))
						return { response: RESPONSE.invalidDevicePropValue };
					properties.set(property, value);
					return { response: RESPONSE.ok };
				} catch (error) {
					if (error instanceof MalformedBytes) return { response: RESPONSE.invalidDevicePropFormat };
					throw error;
				}
			},
		},
	],
]);
