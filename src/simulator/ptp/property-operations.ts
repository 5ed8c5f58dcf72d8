/** The operations that describe, read, change and reset device properties. */
import { OPERATION } from '#protocol/ptp/operations.ts';
import { TYPE } from '#protocol/ptp/properties.ts';
import { RESPONSE } from '#protocol/ptp/responses.ts';
import { MalformedBytes, Reader, Writer } from '#protocol/wire/bytes.ts';
import type { Device } from './device.ts';
import type { Operation } from './operation.ts';
import { type DevicePropertyDeclaration, type PropertyValue, propertyFields } from './properties.ts';

const initial = (property: DevicePropertyDeclaration): PropertyValue => (property.value === 'clock' ? 0 : property.value);

/** Writes a DevicePropDesc: code, type, get/set, default, current, form (none or an enumeration). */
function describe(property: DevicePropertyDeclaration, current: PropertyValue): Uint8Array {
	const { code, type, choices, writable } = property;
	const field = propertyFields[type];
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
/** Longest accepted value in bytes. The longest real one is a string of 255 units. */
const LARGEST_VALUE = 4096;

/** The operations by code. */
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
				propertyFields[property.type].write(to, properties.value(property));
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
					const value = propertyFields[property.type].read(from) as PropertyValue;
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
