/** CHDK's own functions, as far as a camera without lens and sensor can answer them. */
import { LUA_TSTRING, type LuaFunction, type LuaState, lua_gettop, lua_pushvalue, lua_tolstring, lua_type } from 'fengari/src/lua.js';
import { latin1 } from '#base/bytes.ts';
import { asCardError } from '../card-path.ts';
import { INDEFINITE_WAIT_MS } from '../script-queue.ts';
import { always, fixedAnswers } from './fixed-answers.ts';
import { latestPicture, takePicture } from './pictures.ts';
import { raise } from './raise.ts';
import { buildInfo, call } from './thread.ts';
import { integerArgument, isMissing, returning, switchArgument, textArgument } from './values.ts';
import { waits } from './waiting.ts';

const numbers = (L: LuaState): number[] => Array.from({ length: lua_gettop(L) }, (_, n) => integerArgument(L, n + 1));
const calculate = (compute: (a: number, b: number) => number): LuaFunction =>
	returning((L) => [compute(integerArgument(L, 1), integerArgument(L, 2))]);

/** Sizes of the camera's heap in bytes. Invented, because they mean nothing here. */
const MEMORY = { chdk_start: 0x0018_0000, chdk_size: 180_000, total_size: 2_097_152, allocated_size: 700_000, allocated_peak: 900_000 };

const postLevent: LuaFunction = (L) => {
	// A name would have to be looked up in the firmware's table, which this camera does not have.
	if (lua_type(L, 1) === LUA_TSTRING) raise(L, `bad event name '${latin1(lua_tolstring(L, 1) ?? new Uint8Array(0))}'`);
	if (isMissing(L, 1)) raise(L, 'expected event name or id');
	call('levent', integerArgument(L, 1));
	return 0;
};

/** Begins the change of mode; `get_mode` shows when it is done. */
const switchMode: LuaFunction = (L) => {
	call('switchMode', switchArgument(L, 1));
	return 0;
};

const dateParts: Readonly<Record<string, (date: Date) => number>> = {
	s: (date) => date.getUTCSeconds(),
	m: (date) => date.getUTCMinutes(),
	h: (date) => date.getUTCHours(),
	D: (date) => date.getUTCDate(),
	M: (date) => date.getUTCMonth() + 1,
	Y: (date) => date.getUTCFullYear(),
};

/** Makes the functions. They keep the property cases and settings that scripts set; a property case that was never set is 0, a setting nil. */
export function cameraLibrary(): Readonly<Record<string, LuaFunction>> {
	const properties = new Map<number, number>();
	const settings = new Map<number, number>();
	return {
		get_buildinfo: returning(() => [buildInfo]),
		post_levent_to_ui: postLevent,
		post_levent_for_npt: postLevent,
		get_tick_count: returning(() => [call('ticks')]),
		get_day_seconds: returning(() => [call('time') % 86_400]),
		get_time: returning((L) => [dateParts[textArgument(L, 1).charAt(0)]?.(new Date(call('time') * 1000)) ?? -1]),
		sleep: (L) => {
			const ms = integerArgument(L, 1);
			waits(L);
			call('sleep', ms === -1 ? INDEFINITE_WAIT_MS : Math.max(0, ms));
			return 0;
		},
		get_mode: returning(() => {
			const { rec, video, mode } = call('mode');
			return [rec, video, mode];
		}),
		switch_mode_usb: switchMode,
		set_record: switchMode,
		get_meminfo: returning((L) => {
			const name = isMissing(L, 1) ? 'combined' : textArgument(L, 1);
			if (name !== 'combined' && name !== 'system') return [false];
			const free = MEMORY.total_size - MEMORY.allocated_size;
			return [{ name, chdk_malloc: true, ...MEMORY, free_size: free, free_block_max_size: free, free_block_count: 1 }];
		}),
		/** In play mode nothing happens. */
		shoot: (L) => {
			waits(L);
			if (!call('mode').rec) return 0;
			try {
				takePicture();
			} catch (error) {
				raise(L, `shoot: ${asCardError(error).message}`);
			}
			return 0;
		},
		get_image_dir: returning(() => [`A/DCIM/${latestPicture().folder}`]),
		get_exp_count: returning(() => [latestPicture().number]),
		get_disk_size: returning(() => [Math.min(call('space').size, 0x7fff_ffff)]),
		get_free_disk_space: returning(() => [Math.min(call('space').free, 0x7fff_ffff)]),
		get_propset: always(6),
		get_prop: returning((L) => [properties.get(integerArgument(L, 1)) ?? 0]),
		set_prop: returning((L) => {
			properties.set(integerArgument(L, 1), (integerArgument(L, 2) << 16) >> 16);
			return [];
		}),
		get_config_value: (L) => {
			const value = settings.get(integerArgument(L, 1));
			if (value === undefined && lua_gettop(L) > 1) {
				lua_pushvalue(L, 2);
				return 1;
			}
			return returning(() => [value])(L);
		},
		set_config_value: returning((L) => {
			const [id = 0, value = 0] = numbers(L);
			settings.set(id, value);
			return [true];
		}),
		peek: returning((L) => [call('peek', integerArgument(L, 1), integerArgument(L, 2, 4))]),
		poke: returning((L) => [call('poke', integerArgument(L, 1), integerArgument(L, 2), integerArgument(L, 3, 4)) || undefined]),
		call_func_ptr: returning((L) => {
			const [pointer = 0, ...args] = numbers(L);
			return [call('call', pointer, args)];
		}),
		/** No event procedure is registered. */
		call_event_proc: always(-1),
		bitand: calculate((a, b) => a & b),
		bitor: calculate((a, b) => a | b),
		bitxor: calculate((a, b) => a ^ b),
		bitshl: calculate((a, b) => (b >>> 0 > 31 ? 0 : a << b)),
		bitshri: calculate((a, b) => a >> Math.min(b >>> 0, 31)),
		bitshru: calculate((a, b) => (b >>> 0 > 31 ? 0 : a >>> b)),
		bitnot: returning((L) => [~integerArgument(L, 1)]),
		/** CHDK's defaults for the instructions (times 100) and milliseconds between two yield checks. */
		set_yield: always(25, 10),
		reboot: returning(() => {
			call('shutDown');
			return [];
		}),
		shut_down: returning(() => {
			call('shutDown');
			return [];
		}),
		...fixedAnswers,
	};
}
