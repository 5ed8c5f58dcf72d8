/** Device properties: their declarations, and their values while the camera is on. */
import { array, type Field, ptpString, u8, u16, u32 } from '#protocol/wire/fields.ts';

/** The value of a property. */
export type PropertyValue = number | string | readonly number[];
type PropertyType = 'u8' | 'u16' | 'u32' | 'string' | 'bytes';

/** A device property of a model. */
export interface DevicePropertyDeclaration {
	code: number;
	type: PropertyType;
	/** Value when the camera is switched on; `clock`: seconds since 1970 on the camera's clock. */
	value: PropertyValue | 'clock';
	/** The allowed values, if they are a list. */
	choices?: readonly number[] | undefined;
	writable?: boolean | undefined;
}

/** How values of each type are written. */
// biome-ignore lint/suspicious/noExplicitAny: each type has a field of its own value type; `valueOf` keeps them together.
export const propertyFields: Readonly<Record<PropertyType, Field<any>>> = { u8, u16, u32, string: ptpString, bytes: array(u8) };

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

	/** Returns the declaration of a property; `undefined` if it does not exist. */
	declared(code: number): DevicePropertyDeclaration | undefined {
		return this.#declared.get(code);
	}

	/** Returns the current value of a property. */
	value({ code, value }: DevicePropertyDeclaration): PropertyValue {
		if (value === 'clock') return (Math.floor(this.#date().getTime() / 1000) + this.#clockOffset) >>> 0;
		return this.#values.get(code) ?? value;
	}

	/** Returns the value of a numeric property; `undefined` if there is no such property. */
	number(code: number): number | undefined {
		const property = this.#declared.get(code);
		const value = property === undefined ? undefined : this.value(property);
		return typeof value === 'number' ? value : undefined;
	}

	/** Resets a property to its value at switching on. A clock keeps its time. */
	reset({ code }: DevicePropertyDeclaration): void {
		this.#values.delete(code);
	}

	/** Sets a property. */
	set({ code, value }: DevicePropertyDeclaration, to: PropertyValue): void {
		if (value === 'clock') this.#clockOffset = Number(to) - Math.floor(this.#date().getTime() / 1000);
		else this.#values.set(code, to);
	}
}
